# Speaking to the person at the terminal, and running long quiet commands for them.
# Part of ./dev, which sets project, cache and labels.
# shellcheck shell=bash disable=SC2154

# Prints one line of news. Everything ./dev itself says goes to stderr: stdout belongs to the program.
say() {
    printf '%s\n' "$*" >&2
}

# fail STATUS LINE...: says why and how to go on, then ends.
fail() {
    local status=$1
    shift
    printf './dev: %s\n' "$1" >&2
    shift
    ((!$#)) || printf '  %s\n' "$@" >&2
    exit "$status"
}

# step LOG LABEL COMMAND...: runs COMMAND with its output in build/log/LOG.log and one line on the
# screen; shows the end of the log and ends if it fails.
#
# The command gets a process group of its own, so that Ctrl-C or SIGTERM ends the whole of it
# (cmake, ninja and every compiler) and not only its first process.
step() {
    local log=$project/build/log/$1.log label=$2 start=$SECONDS shown=$SECONDS status finished tick
    shift 2
    mkdir -p "${log%/*}"
    set -m
    "$@" >"$log" 2>&1 </dev/null &
    local job=$!
    set +m
    trap 'stopStep "$job" 130' INT
    trap 'stopStep "$job" 143' TERM HUP
    while :; do
        sleep 1 >/dev/null 2>&1 &
        tick=$!
        status=0
        wait -n -p finished "$job" "$tick" || status=$?
        [[ $finished != "$job" ]] || break
        showProgress
    done
    kill "$tick" 2>/dev/null || true
    trap - INT TERM HUP
    [[ ! -t 2 ]] || printf '\r\033[K' >&2
    ((status == 0)) || failStep "$label" "$log" "$status"
    say "  $label  $((SECONDS - start)) s"
}

# Says where the running step is, every second on a terminal and every 30 seconds in a log. Reads
# and writes the variables of step().
showProgress() {
    local width=$((${COLUMNS:-80} - ${#label} - 16)) news
    [[ -t 2 ]] || ((SECONDS - shown >= 30)) || return 0
    shown=$SECONDS
    news=$(tail -n 1 -- "$log" | tr -d '\r' | cut -c "1-$((width > 20 ? width : 20))")
    if [[ -t 2 ]]; then
        printf '\r\033[K  %s  %s s  %s' "$label" $((SECONDS - start)) "$news" >&2
    else
        say "  $label  $((SECONDS - start)) s ...  $news"
    fi
}

stopStep() {
    kill -TERM -- "-$1" 2>/dev/null || true
    wait "$1" 2>/dev/null || true
    exit "$2"
}

failStep() {
    say "  $1: failed; the end of $2:"
    tail -n 40 -- "$2" >&2
    exit "$((${3} > 125 ? 1 : ${3}))"
}
