# Functions for tests/run, examples/demo, tests/ci and others; to be sourced by Bash.

# Debian packages, and what shows that each is there: a command, a header, or something that
# is_there knows.
build_packages='g++=c++ meson=meson ninja-build=ninja pkg-config=pkg-config python3=python3
  libsimdjson-dev=simdjson.h zlib1g-dev=zlib.h'
example_packages='libcli11-dev=CLI/CLI.hpp nlohmann-json3-dev=nlohmann/json.hpp'
# What the programs and the tests can do without; the receiver and the sender of reports cannot.
optional_packages='libdeflate-dev=libdeflate.h libmicrohttpd-dev=microhttpd.h libsqlite3-dev=sqlite3.h
  libcurl4-openssl-dev=curl/curl.h libc-ares-dev=ares.h libicu-dev=unicode/uspoof.h openssl=openssl'
# Another reader of mails, with which a test compares ours.
mail_reader_packages='libgmime-3.0-dev=gmime-3.0.pc'
# Resolvers that a page of the guide shows.
guide_packages='libldns-dev=ldns/ldns.h libc-ares-dev=ares.h'
benchmark_packages='libbenchmark-dev=benchmark/benchmark.h nlohmann-json3-dev=nlohmann/json.hpp
  libdeflate-dev=libdeflate.h rapidjson-dev=rapidjson/document.h valgrind=valgrind'
# What counts the work of the program for mails of two sizes.
work_packages='valgrind=valgrind'
docs_packages='doxygen=doxygen'
test_packages='doctest-dev=doctest/doctest.h nlohmann-json3-dev=nlohmann/json.hpp'
# What tests/consume/run needs besides the packages to build with.
consume_packages='cmake=cmake git=git python3-venv=python3-venv'

is_there() {
  case $1 in
    *.h | *.hpp)
      printf '#if !__has_include(<%s>)\n#error\n#endif\n' "$1" |
        ${CXX:-c++} -E -x c++ - >/dev/null 2>&1 ;;
    *.pc) pkg-config --exists "${1%.pc}" 2>/dev/null ;;
    c++) command -v ${CXX:-c++} >/dev/null ;;
    python3-venv) python3 -c 'import ensurepip' 2>/dev/null ;;
    clang-sanitizers) echo 'int main() {}' |
      clang++-14 -fsanitize=address -x c++ -o /dev/null - 2>/dev/null ;;
    libc++) echo '#include <vector>' |
      clang++-19 -stdlib=libc++ -fsyntax-only -x c++ - 2>/dev/null ;;
    32-bit) printf '#include <cerrno>\n#include <zlib.h>\nint main() { return zlibVersion() == nullptr; }\n' |
      g++-12 -m32 -x c++ -o /dev/null - -lz 2>/dev/null ;;
    *) command -v "$1" >/dev/null ;;
  esac
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  else
    sudo -n "$@"
  fi
}

# install_missing PACKAGE=SIGN...: installs the packages whose sign is not there. Where that cannot
# be done it says what is missing, and fails only if a command is: Meson fetches missing headers.
install_missing() {
  local pair packages='' tools=''
  for pair; do
    is_there "${pair#*=}" || packages+=" ${pair%%=*}"
  done
  [ "$packages" ] || return 0
  if command -v apt-get >/dev/null && as_root true 2>/dev/null; then
    echo "installing:$packages"
    local apt='env DEBIAN_FRONTEND=noninteractive apt-get -q -y'
    # shellcheck disable=SC2086
    if as_root $apt update >/dev/null && as_root $apt install --no-install-recommends $packages >/dev/null; then
      return 0
    fi
    echo 'apt-get failed'
  fi
  echo "missing (Debian's names):$packages"
  for pair; do
    case $pair in
      *.h | *.hpp | *.pc) ;;
      *) is_there "${pair#*=}" || tools+=" ${pair#*=}" ;;
    esac
  done
  [ "$tools" ] || { echo 'continuing: Meson takes what it does not find from subprojects/*.wrap'; return 0; }
  echo "please install these commands:$tools"
  return 1
}

# install_optional PACKAGE=SIGN...: the same for packages that may be missing.
install_optional() {
  install_missing "$@" || echo 'continuing without'
}

# configure DIRECTORY OPTION...: also when the directory is there, and when another Meson made it.
configure() {
  if [ ! -f "$1/build.ninja" ]; then
    meson setup "$@"
  else
    meson setup --reconfigure "$@" || meson setup --wipe "$@"
  fi
}

# run_tests DIRECTORY ARGUMENT...: of what is built. Some tests mostly wait, so more run at a time than there are
# processors.
run_tests() {
  local directory=$1
  shift
  meson test -C "$directory" --no-rebuild --num-processes $((2 * $(getconf _NPROCESSORS_ONLN))) "$@"
}

# make_debian DIRECTORY SUITE VARIANT PACKAGE,...: a Debian of its own, as a user's machine may be; needs root.
make_debian() {
  [ "$(id -u)" = 0 ] || { echo 'another Debian needs root'; return 1; }
  install_missing mmdebstrap=mmdebstrap || return
  rm -rf "$1.new"
  # Signatures are checked; their age is not, as a mirror may be a snapshot.
  mmdebstrap --quiet --mode=root --variant="$3" --aptopt='Acquire::Check-Valid-Until "false"' --include="$4" \
    "$2" "$1.new" && mv "$1.new" "$1"
}

# in_debian DIRECTORY COMMAND...: runs a command there, with nothing of this machine but its network. What the
# command started ends with it.
in_debian() {
  local root=$1
  shift
  unshare --mount --pid --fork --mount-proc="$root/proc" \
    chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 "$@"
}

# quietly COMMAND...: prints what it printed only if it fails.
quietly() {
  local output status=0
  output=$("$@" 2>&1) || status=$?
  [ $status = 0 ] || printf '%s\n' "$output"
  return $status
}
