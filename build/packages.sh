# shellcheck shell=bash
# What the set-up scripts share. They name their log file in `log`, and the checkout in `root`.

say() { printf '==> %s\n' "$*" >&2; }

# fail LINE…: the end of the log, then what to do.
fail() {
  if [[ -s $log ]]; then
    # shellcheck disable=SC2154 # see above
    printf -- '--- %s\n' "$root/$log" >&2
    tail -n 20 "$log" >&2
    printf -- '---\n' >&2
  fi
  printf '✗ %s\n' "$@" >&2
  exit 1
}

# logged COMMAND…: run it with its output in the log, and without the lock, which a service it starts would keep.
logged() {
  printf '\n%(%H:%M:%S)T $ %s\n' -1 "$*" >>"$log"
  "$@" >>"$log" 2>&1 </dev/null 9>&-
}

# missing GROUP…: those groups of which no alternative is installed.
missing() {
  local installed group name names="$*"
  # shellcheck disable=SC2086 # package names hold no blanks: the words are wanted
  installed=$(dpkg-query -W -f '|${db:Status-Abbrev}${Package}|' ${names//|/ } 2>/dev/null || true)
  for group in "$@"; do
    for name in ${group//|/ }; do [[ $installed == *"|ii $name|"* ]] && continue 2; done
    printf '%s\n' "$group"
  done
}

# available GROUP…: for each group, its first alternative that the package lists know.
available() {
  local known group name
  known=" $(apt-cache pkgnames 2>/dev/null | tr '\n' ' ')"
  for group in "$@"; do
    for name in ${group//|/ } "${group%%|*}"; do [[ $known == *" $name "* ]] && break; done
    printf '%s\n' "$name"
  done
}

as_root() {
  if ((EUID == 0)); then "$@"; else sudo "$@"; fi
}

# install_packages GROUP…: one apt-get call for all of them.
install_packages() {
  local -a names still
  if ((EUID != 0)); then
    say "安装系统软件包需要管理员权限 (sudo). Installing system packages needs sudo."
    { command -v sudo >/dev/null && sudo -v; } || {
      mapfile -t names < <(available "$@")
      fail "缺少系统软件包，请以 root 身份执行下面这一行，然后重试。" \
        "System packages are missing. As root, run this line, then try again:" \
        "apt-get update; apt-get install -y --no-install-recommends ${names[*]}"
    }
  fi
  say "更新软件包列表 Updating package lists"
  # A third-party source that fails is no reason to stop: the install below tells whether the lists suffice.
  logged as_root apt-get update -q -o DPkg::Lock::Timeout=120 || say "部分来源更新失败，继续。Some sources failed; going on."
  mapfile -t names < <(available "$@")
  say "安装 ${#names[@]} 个系统软件包 Installing ${#names[@]} system packages: ${names[*]}"
  logged as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
    -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 "${names[@]}" || true
  mapfile -t still < <(missing "$@")
  ((${#still[@]} == 0)) || fail "系统软件包没有装好：${still[*]}" \
    "These system packages could not be installed. Check the network and the package sources, then try again."
}

# key FILE…: one line that changes when any of the files does.
key() { cat -- "$@" | sha256sum | cut -c 1-32; }
