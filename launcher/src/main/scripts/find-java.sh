# Sourced by the start scripts: sets $java to a Java 17 or newer, or ends with a message.

# The major version of the Java at "$1": from its release file, which costs nothing to read, or by
# asking it.
java_major() {
  real=$(readlink -f "$1" 2>/dev/null || printf '%s' "$1")
  release=$(dirname "$(dirname "$real")")/release
  version=
  if [ -r "$release" ]; then
    version=$(sed -n 's/^JAVA_VERSION="\([^"]*\)".*/\1/p' "$release")
  fi
  if [ -z "$version" ]; then
    version=$("$1" -version 2>&1 | sed -n 's/.*version "\([^"]*\)".*/\1/p' | head -n 1)
  fi
  case $version in
    1.*) version=${version#1.} ;;
  esac
  version=${version%%[!0-9]*}
  printf '%s' "${version:-0}"
}

find_java() {
  if [ -n "${JAVA_HOME:-}" ]; then
    java=$JAVA_HOME/bin/java
    if [ ! -x "$java" ]; then
      echo "zone: Cannot find Java: JAVA_HOME is $JAVA_HOME, which has no bin/java (expected the folder of a JDK 17 or newer)" >&2
      exit 4
    fi
  else
    java=$(command -v java || true)
    if [ -z "$java" ]; then
      echo "zone: Cannot find Java (expected a JDK 17 or newer on the PATH or in JAVA_HOME; on Debian or Ubuntu: apt install openjdk-17-jdk-headless)" >&2
      exit 4
    fi
  fi
  major=$(java_major "$java")
  if [ "$major" -lt 17 ]; then
    echo "zone: Cannot use Java $major at $java (expected a JDK 17 or newer; JAVA_HOME may name another)" >&2
    exit 4
  fi
}
