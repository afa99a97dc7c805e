# Configuring and building the presets of CMakePresets.json, and what the tests need from npm.
# Part of ./dev, which sets project, cache and labels.
# shellcheck shell=bash disable=SC2154

# build PRESET TARGET...: brings the targets in build/PRESET up to date. Two ./dev in one clone wait
# for each other here, because two ninja in one folder do not.
build() {
    local preset=$1
    shift
    configure "$preset"
    step "build-$preset" "Build $1 ($preset)" flock --close "build/.$preset.lock" \
        ninja -C "build/$preset" -j "$(nproc)" "$@"
}

# Configures once: afterwards ninja itself runs CMake when a CMake file changes. It does not see the
# presets, a clone that was moved, or another set of compilers and libraries, so those are remembered here.
configure() {
    local preset=$1 seen basis
    seen=build/$preset/.configured-for
    basis="$project in ${DELTALLM_DEV_ROOT:-this machine} with $(sha256sum <CMakePresets.json)"
    [[ ! -e $seen || ! -e build/$preset/build.ninja || $(<"$seen") != "$basis" ]] || return 0
    mkdir -p "build/$preset"
    step "configure-$preset" "Configure ($preset)" flock --close "build/.$preset.lock" \
        cmake --fresh --preset "$preset"
    printf '%s\n' "$basis" >"$seen"
}

# installClients: the npm packages of the end-to-end tests, as their lock file pins them.
installClients() {
    local folder=tests/e2e seen=tests/e2e/node_modules/.installed-for pinned
    [[ -e $folder/package-lock.json ]] || return 0
    pinned=$(sha256sum <"$folder/package-lock.json")
    [[ ! -e $seen || $(<"$seen") != "$pinned" ]] || return 0
    step npm 'Install the client libraries of the tests with npm' \
        npm --prefix "$folder" ci --no-audit --no-fund
    printf '%s\n' "$pinned" >"$seen"
}
