# Completion of deltallm-gateway for bash. A test holds its words against --help.
# shellcheck shell=bash

_deltallm_gateway() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} words
    COMPREPLY=()
    case $before in
        -c | --config | --checkpoints)
            compopt -o filenames
            mapfile -t COMPREPLY < <(compgen -f -- "$word")
            return
            ;;
        --state-dir)
            compopt -o filenames
            mapfile -t COMPREPLY < <(compgen -d -- "$word")
            return
            ;;
        --expires)
            mapfile -t COMPREPLY < <(compgen -W '12h 7d 30d 90d' -- "$word")
            return
            ;;
        --duration | --budget-duration)
            mapfile -t COMPREPLY < <(compgen -W '1d 7d 30d 1mo' -- "$word")
            return
            ;;
        --scope)
            if [[ ${COMP_WORDS[1]} == limits ]]; then
                mapfile -t COMPREPLY < <(compgen -W 'gateway organization team team_member user key end_user model' -- "$word")
                return
            fi
            mapfile -t COMPREPLY < <(compgen -W 'gateway team team_member user key end_user model deployment provider organization tag' -- "$word")
            return
            ;;
        --listen | --alias | --models | --user | --team | --organization | --tags | --count | --max-budget | --soft-budget)
            return
            ;;
        --rpm | --rph | --rpd | --tpm | --tph | --tpd | --max-parallel | --model | --id | --scope-id | --member | --timezone | --reason | --checkpoint)
            return
            ;;
    esac
    words=$(_deltallm_gateway_words)
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
    if [[ ${COMP_WORDS[1]} == check-config && $word != -* ]]; then
        compopt -o filenames
        mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$word")
    fi
}

# Prints what may stand at the cursor after the commands that stand before it.
_deltallm_gateway_words() {
    local command=
    ((COMP_CWORD < 2)) || command=${COMP_WORDS[1]}
    [[ $command != keys && $command != budgets && $command != limits && $command != alerts && $command != gateways && $command != audit && $command != kek ]] || ((COMP_CWORD < 3)) || command+=" ${COMP_WORDS[2]}"
    case $command in
        '') echo 'serve check-config keys budgets limits alerts gateways audit erase-end-user kek migrate verify version -h --help --version' ;;
        serve) echo '-h --help -c --config --state-dir --listen' ;;
        check-config) echo '-h --help -c --config' ;;
        keys) echo 'create list revoke -h --help' ;;
        'keys create')
            echo '-h --help -c --config --state-dir --alias --models --expires --user --team --organization --tags --max-budget --budget-duration --rpm --rph --rpd --tpm --tph --tpd --max-parallel --count --json'
            ;;
        'keys list') echo '-h --help -c --config --state-dir --json' ;;
        'keys revoke') echo '-h --help -c --config --state-dir' ;;
        budgets) echo 'list set reset remove -h --help' ;;
        'budgets list') echo '-h --help -c --config --state-dir --json' ;;
        'budgets set')
            echo '-h --help -c --config --state-dir --id --scope --scope-id --member --max-budget --soft-budget --duration --rolling --timezone'
            ;;
        'budgets reset') echo '-h --help -c --config --state-dir --reason' ;;
        'budgets remove') echo '-h --help -c --config --state-dir' ;;
        limits) echo 'list set remove -h --help' ;;
        'limits list') echo '-h --help -c --config --state-dir --json' ;;
        'limits set')
            echo '-h --help -c --config --state-dir --scope --scope-id --member --model --rpm --rph --rpd --tpm --tph --tpd --max-parallel'
            ;;
        'limits remove') echo '-h --help -c --config --state-dir --scope --scope-id --member --model' ;;
        alerts) echo 'list test -h --help' ;;
        'alerts list') echo '-h --help -c --config --state-dir --json' ;;
        'alerts test') echo '-h --help -c --config' ;;
        gateways) echo 'list forget -h --help' ;;
        'gateways list') echo '-h --help -c --config --state-dir --json' ;;
        audit) echo 'verify export public-key -h --help' ;;
        'audit verify') echo '-h --help -c --config --state-dir --checkpoint --checkpoints' ;;
        'audit export' | 'audit public-key') echo '-h --help -c --config --state-dir' ;;
        erase-end-user) echo '-h --help -c --config --state-dir --yes' ;;
        kek) echo 'status rotate retire -h --help' ;;
        'kek status') echo '-h --help -c --config --state-dir --json' ;;
        'kek rotate') echo '-h --help -c --config --state-dir --copied' ;;
        'kek retire') echo '-h --help -c --config --state-dir' ;;
        'gateways forget') echo '-h --help -c --config --state-dir --force' ;;
        migrate | verify) echo '-h --help -c --config --state-dir' ;;
        version) echo '-h --help' ;;
    esac
}

complete -F _deltallm_gateway deltallm-gateway
