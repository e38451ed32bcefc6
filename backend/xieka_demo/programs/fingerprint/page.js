/** Reads the chosen file in pieces, both hashes in one pass, and compares. */
const PIECE = 4 << 20;

/** @param {string} id @returns {any} */
const at = (id) => document.getElementById(id);
let run = 0;

/** @param {File} file */
async function measure(file) {
  const mine = ++run;
  const sha256 = new Sha256();
  const sm3 = new Sm3();
  at("result").hidden = true;
  at("verdict").textContent = "";
  at("progress").hidden = false;
  at("state").textContent = "正在计算…";
  try {
    for (let done = 0; done < file.size; done += PIECE) {
      const piece = new Uint8Array(await file.slice(done, done + PIECE).arrayBuffer());
      // Another file was chosen meanwhile.
      if (mine !== run) return;
      sha256.update(piece);
      sm3.update(piece);
      at("progress").value = Math.min(1, (done + PIECE) / file.size);
    }
  } catch {
    at("state").textContent = "文件读不了：可能已移走，或没有权限。请重新选择。";
    at("progress").hidden = true;
    return;
  }
  at("name").textContent = `${file.name}（${file.size.toLocaleString("zh-CN")} 字节）`;
  at("sha256").textContent = sha256.digest();
  at("sm3").textContent = sm3.digest();
  at("result").hidden = false;
  at("progress").hidden = true;
  at("state").textContent = "计算完成。";
  compare();
}

function compare() {
  const wanted = at("expected").value.replace(/[\s:-]/g, "").toLowerCase();
  const verdict = at("verdict");
  verdict.className = "";
  verdict.textContent = "";
  if (!wanted || at("result").hidden) return;
  if (!/^[0-9a-f]{64}$/.test(wanted)) {
    verdict.textContent = "指纹应是 64 位十六进制（0–9、a–f）。";
    return;
  }
  const same = [at("sha256").textContent, at("sm3").textContent].indexOf(wanted);
  verdict.className = same < 0 ? "other" : "same";
  verdict.textContent = same < 0 ? "指纹不一致：文件有变化，或不是同一个文件，请不要使用。" : `与${same ? " SM3 " : " SHA-256 "}指纹一致。`;
}

at("file").addEventListener("change", () => at("file").files[0] && void measure(at("file").files[0]));
at("expected").addEventListener("input", compare);
for (const name of ["dragover", "dragleave", "drop"]) {
  at("drop").addEventListener(name, (/** @type {DragEvent} */ event) => {
    event.preventDefault();
    at("drop").classList.toggle("over", name === "dragover");
    const file = name === "drop" ? event.dataTransfer?.files[0] : undefined;
    if (file) void measure(file);
  });
}
