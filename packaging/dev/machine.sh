# Where ./dev works: on this machine itself if its packages are new enough, else in a Debian 13 root.
# Part of ./dev, which sets project, cache, packageLists and labels.
# shellcheck shell=bash disable=SC2154

readonly neededQt=6.8

# Packages that are wanted as programs, though Debian also starts them as services on installation.
readonly services=(nginx)

# Returns once the packages of packaging/debian-packages.txt are there; on an older system it does
# not return but runs the same ./dev again inside the root.
enterWorkplace() {
    [[ -z ${DELTALLM_DEV_ROOT:-} ]] || return 0
    command -v dpkg-query apt-get >/dev/null || fail 2 'DeltaLLM is built on Debian or Ubuntu.' \
        'On another system run it in a Debian 13 container or virtual machine.'
    local installedQt
    installedQt=$(dpkg-query -W -f '${Version}' qt6-base-dev 2>/dev/null) || true
    if newEnough "$installedQt" || { ! rootIsReady && aptOffersQt; }; then
        local -a missing
        mapfile -t missing < <(missingPackages)
        ((${#missing[@]} == 0)) || installPackages "${missing[@]}"
    else
        runInRoot "$@"
    fi
}

# The package lists of the verb without their comments.
packages() {
    sed -e 's/[[:space:]]*#.*//' -e '/^$/d' "${packageLists[@]/#/$project/packaging/}"
}

missingPackages() {
    comm -23 <(packages | sort) \
        <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' | sed -n 's/^installed //p' | sort)
}

newEnough() {
    [[ -n $1 && $1 != '(none)' ]] && dpkg --compare-versions "$1" ge "$neededQt"
}

# Asks apt. A machine whose package lists were never fetched knows no version at all; they are fetched then.
aptOffersQt() {
    local version
    version=$(candidateQt)
    if [[ -z $version || $version == '(none)' ]]; then
        if canInstall; then
            updateLists
        elif [[ -n $(missingRootTools) ]]; then
            fail 2 'apt has no package lists yet. Run as root:' 'apt-get update'
        fi
        version=$(candidateQt)
    fi
    newEnough "$version"
}

candidateQt() {
    LC_ALL=C apt-cache policy qt6-base-dev | sed -n 's/^ *Candidate: //p'
}

canInstall() {
    ((EUID == 0)) || { command -v sudo >/dev/null && { [[ -t 0 ]] || sudo -n true 2>/dev/null; }; }
}

# installPackages PACKAGE...: with apt-get, as root or through sudo; says the command where neither works.
installPackages() {
    canInstall || fail 2 'Packages are missing and this user cannot install them. Run as root:' \
        "apt-get update && apt-get install --no-install-recommends $*"
    local -a before=()
    mapfile -t before < <(enabledServices)
    updateLists
    step apt-install "Install $# packages with apt" asRoot env DEBIAN_FRONTEND=noninteractive \
        apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "$@"
    stopNewServices "${before[@]}"
}

# Once per start of ./dev is enough.
updateLists() {
    [[ -z ${listsAreFresh:-} ]] || return 0
    ((EUID == 0)) || sudo -v
    step apt-update 'Fetch the package lists with apt' asRoot apt-get -o DPkg::Lock::Timeout=300 update
    listsAreFresh=1
}

asRoot() {
    if ((EUID == 0)); then
        "$@"
    else
        sudo -n env ${http_proxy:+"http_proxy=$http_proxy"} ${https_proxy:+"https_proxy=$https_proxy"} "$@"
    fi
}

enabledServices() {
    [[ -d /run/systemd/system ]] || return 0
    local service
    for service in "${services[@]}"; do
        ! systemctl --quiet is-enabled "$service" 2>/dev/null || printf '%s\n' "$service"
    done
}

# stopNewServices BEFORE...: turns off what the installation turned on, and nothing that was on BEFORE.
stopNewServices() {
    local service
    while read -r service; do
        [[ " $* " == *" $service "* ]] ||
            step services "Turn off $service, which is only needed as a program" \
                asRoot systemctl disable --now "$service"
    done < <(enabledServices)
}
