# The Debian 13 root for machines whose own packages are too old: made by mmdebstrap, entered by bwrap.
#
# It lies in the user's cache folder, is named after what is in it, and is shared by every clone:
#   root-HASH        the root; appears complete or not at all (made as root-HASH.new, then renamed)
#   root-HASH.lock   held shared by every ./dev inside, exclusively while the root is made or removed;
#                    its time is that of the last use
# Part of ./dev, which sets project, cache and labels.
# shellcheck shell=bash disable=SC2154

readonly suite=trixie

# What the root is made with besides the packages. Nobody reads manuals in there, and no power cut
# can hurt a folder that is made anew on any doubt, so dpkg need not wait for the disk. The exclusions
# come in by a hook: as --dpkgopt they would send every essential package through a slow filter.
readonly excluded=(man info locale lintian gtk-doc help doc)
readonly rootOptions=(
    --variant=apt
    --format="$( ((EUID == 0)) && echo directory || echo tar)"
    --aptopt='Acquire::Languages "none"'
    --dpkgopt=force-unsafe-io
    --essential-hook="printf 'path-exclude=/usr/share/%s/*\n' ${excluded[*]} >\"\$1\"/etc/dpkg/dpkg.cfg.d/lean"
)

rootPath() {
    printf '%s/root-%s\n' "$cache" \
        "$({ packages; echo "$suite" "${rootOptions[@]}"; } | sha256sum | cut -c 1-16)"
}

rootIsReady() {
    [[ -d $(rootPath) ]]
}

# runInRoot ARGUMENT...: makes the root if need be and runs ./dev ARGUMENT... in it. Does not return.
runInRoot() {
    local root lock
    root=$(rootPath)
    mkdir -p "$cache"
    installRootTools
    touch -- "$root.lock"
    exec {lock}>>"$root.lock"
    flock --shared --nonblock "$lock" || waitForOther "$lock"
    if [[ ! -d $root ]]; then
        flock "$lock"
        [[ -d $root ]] || makeRoot "$root"
        flock --shared "$lock"
        removeOldRoots
    fi
    superviseInRoot "$root" "$lock" "$@"
}

waitForOther() {
    say 'Another ./dev is preparing the Debian 13 root; waiting for it.'
    flock --shared "$1"
}

missingRootTools() {
    command -v mmdebstrap >/dev/null || echo mmdebstrap
    command -v bwrap >/dev/null || echo bubblewrap
    ((EUID == 0)) || command -v newuidmap >/dev/null || echo uidmap
    [[ -e /usr/share/keyrings/debian-archive-keyring.gpg ]] || echo debian-archive-keyring
}

installRootTools() {
    local -a missing
    mapfile -t missing < <(missingRootTools)
    ((${#missing[@]} == 0)) || installPackages "${missing[@]}"
}

makeRoot() {
    local root=$1
    bwrap --bind / / true 2>/dev/null || fail 2 'This system does not let bwrap make namespaces.' \
        'In a container: start it with --privileged, or use an image of Debian 13, which needs none.' \
        'On Ubuntu 24.04: run ./dev as root, or allow unprivileged user namespaces.'
    say "This system has no Qt $neededQt: preparing a Debian 13 root in $root"
    say '(once per package list; a few minutes and about 2 GB; every clone uses it)'
    removeTree "$root.new"
    if ((EUID == 0)); then
        step root "Install $(packages | wc -l) packages into the root" debootstrap "$root.new"
    else
        step root "Install $(packages | wc -l) packages into the root" debootstrapAsUser "$root.new"
    fi
    mv -- "$root.new" "$root"
}

debootstrap() {
    local mirror
    mirror=$(hostMirror)
    mmdebstrap "${rootOptions[@]}" --include="$(packages | paste -sd ,)" "$suite" "$1" ${mirror:+"$mirror"}
}

# An ordinary user's root belongs to that user as a whole: mmdebstrap, in a user namespace of its
# own, hands over an archive, and what is unpacked from it can be entered and removed without rights.
debootstrapAsUser() {
    mkdir -p "$1"
    TMPDIR=${TMPDIR:-/var/tmp} debootstrap - | tar -x --no-same-owner --exclude='./dev/*' -C "$1"
    getent passwd "$EUID" >>"$1/etc/passwd" || echo "dev:x:$EUID:$(id -g)::/tmp:/bin/bash" >>"$1/etc/passwd"
    getent group "$(id -g)" >>"$1/etc/group" || true
}

# The Debian archive that this machine's own apt uses, so that mirrors and proxies stay as its owner
# set them. Empty on Ubuntu, where mmdebstrap's own default is right.
hostMirror() {
    [[ $(osRelease ID) == debian ]] || return 0
    local uri
    # The fields are apt's, not the shell's.
    # shellcheck disable=SC2016
    uri=$(apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 'Created-By: Packages' |
        awk -v codename="$(osRelease VERSION_CODENAME)" \
            '$1 == codename || $1 ~ /^(old)*stable$/ { print $2; exit }')
    # Debian's cloud images name a file that holds the list of mirrors.
    [[ $uri != mirror+file:* ]] || read -r uri _ <"${uri#mirror+file:}"
    printf '%s\n' "$uri"
}

osRelease() {
    sed -n "s/^$1=//p" /etc/os-release | tr -d '"'
}

# Keeps the two roots used last, and every root that somebody is in. Lock files stay: who waits for
# one must not be left holding a file that nobody else can find.
removeOldRoots() {
    local old held
    while read -r _ old; do
        exec {held}>>"$old.lock"
        ! flock --nonblock "$held" || step root-removal "Remove the unused ${old##*/}" removeTree "$old"
        exec {held}>&-
    done < <(find "$cache" -maxdepth 1 -type d -name 'root-*' ! -name '*.new' |
        while read -r old; do echo "$(stat -c %Y "$old.lock") $old"; done | sort -rn | tail -n +3)
}

removeTree() {
    [[ ! -e $1 ]] || { chmod -R u+rwX -- "$1" && rm -rf --one-file-system -- "$1"; }
}

# superviseInRoot ROOT LOCK ARGUMENT...: stays beside bwrap and hands signals to the program inside.
#
# bwrap has no handlers of its own: a signal would end bwrap, and --die-with-parent would then kill
# the gateway before it drained. So bwrap ignores them, the program inside gets its defaults back
# (an ignored signal stays ignored across exec), and this shell passes signals on.
superviseInRoot() {
    local root=$1 lock=$2
    shift 2
    local -a options
    mapfile -d '' options < <(bwrapOptions "$root" "$@")
    (
        trap '' INT TERM HUP QUIT
        exec bwrap "${options[@]}" -- /usr/bin/env --default-signal=INT,TERM,HUP,QUIT \
            /bin/bash "$project/dev" "$@"
    ) <&0 {lock}>&- &
    supervised=$! signalled=''
    trap 'passSignal INT' INT
    trap 'passSignal TERM' TERM
    trap 'passSignal HUP' HUP
    local status
    while :; do
        status=0
        wait "$supervised" || status=$?
        [[ -n $signalled ]] || break
        signalled=''
    done
    exit "$status"
}

# Passes a signal to the program inside; it needs no telling about a Ctrl-C or a closed terminal,
# which the terminal itself sends to everybody.
passSignal() {
    local group terminalGroup
    signalled=1
    read -r _ _ _ _ group _ _ terminalGroup _ <"/proc/$$/stat"
    [[ $1 == TERM || $group != "$terminalGroup" ]] || return 0
    until findInside; do
        [[ -d /proc/$supervised ]] || return 0
        sleep 0.02
    done
    kill "-$1" "$inside" 2>/dev/null || true
}

# Sets `inside` to the only child of bwrap, once that has become something else than bwrap, which is deaf.
findInside() {
    local name
    inside=$(cat "/proc/$supervised/task/$supervised/children" 2>/dev/null) inside=${inside% }
    [[ -n $inside ]] && read -r name 2>/dev/null <"/proc/$inside/comm" && [[ $name != bwrap ]]
}

# Prints the options of bwrap, each ended by a zero byte. Inside, the distribution's own folders are the
# root's; every other folder of this machine stands where it stood, so that paths in arguments mean the
# same. Of the root's own folders that holds for what the program is told to read and to keep.
bwrapOptions() {
    local root=$1 path
    shift
    local -a options=(--die-with-parent --bind "$root" / --dev-bind /dev /dev --bind /proc /proc
        --ro-bind-try /sys /sys)
    for path in /*; do
        case $path in
            /bin | /boot | /dev | /etc | /lib* | /lost+found | /proc | /run | /sbin | /sys | /usr | /var) ;;
            *) [[ ! -d $path || -L $path ]] || options+=(--bind "$path" "$path") ;;
        esac
    done
    options+=(--bind "$project" "$project" --bind "$cache" "$cache")
    for path in "$HOME" "$PWD" "/run/user/$EUID"; do
        [[ $path != /var/?* && $path != /run/user/* ]] || options+=(--bind-try "$path" "$path")
    done
    while read -r path; do
        options+=(--bind-try "$path" "$path")
    done < <(namedPaths "$@")
    # Names, and the certificate authorities that this machine's owner trusts.
    for path in /etc/resolv.conf /etc/hosts /etc/ssl/certs/ca-certificates.crt; do
        options+=(--ro-bind-try "$path" "$path")
    done
    options+=(--chdir "$PWD" --setenv DELTALLM_DEV_ROOT "$root" --setenv LC_ALL C.UTF-8
        --setenv PATH /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
        --unsetenv LD_PRELOAD --unsetenv LD_LIBRARY_PATH)
    printf '%s\0' "${options[@]}"
}

# namedPaths ARGUMENT...: prints the folders of the configuration and of the state that the program is
# told to use, or uses by itself, where the root has folders of its own. A state folder is made here: in
# the root it would vanish with it.
namedPaths() {
    local path config=${DELTALLM_CONFIG_PATH:-} state=${DELTALLM_STATE_DIR:-}
    while (($#)); do
        case $1 in
            --config | -c) config=${2:-} ;;
            --config=*) config=${1#*=} ;;
            --state-dir) state=${2:-} ;;
            --state-dir=*) state=${1#*=} ;;
        esac
        shift
    done
    state=$(realpath -m -- "${state:-.}")
    config=$(realpath -m -- "${config:-.}")
    # A file that lies in /etc itself comes alone, because the root needs its own /etc.
    [[ $config != /*/*/* ]] || config=${config%/*}
    for path in /etc/deltallm "$config" "$state"; do
        [[ $path =~ ^/(etc|run|usr|var)/. ]] || continue
        [[ $path != "$state" ]] || (umask 077 && mkdir -p -- "$path") || true
        printf '%s\n' "$path"
    done
}
