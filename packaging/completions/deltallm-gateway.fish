# Completion of deltallm-gateway for fish. A test holds its words against --help.

# True if the commands before the cursor are exactly the arguments.
function __deltallm_gateway_at
    set -l words (commandline -opc)
    set -e words[1]
    set -l commands
    for word in $words[1..2]
        if contains -- $word serve check-config keys verify version create list revoke
            set -a commands $word
        end
    end
    test "$commands" = "$argv"
end

complete -c deltallm-gateway -f
complete -c deltallm-gateway -s h -l help -d 'Print help and exit'

set -l at __deltallm_gateway_at
complete -c deltallm-gateway -n "$at" -l version -d 'Print the version and exit'
complete -c deltallm-gateway -n "$at" -a serve -d 'Run the gateway in the foreground'
complete -c deltallm-gateway -n "$at" -a check-config -d 'Print what is wrong with a configuration'
complete -c deltallm-gateway -n "$at" -a keys -d 'Make, list and revoke virtual keys'
complete -c deltallm-gateway -n "$at" -a verify -d 'Prove that the ledger adds up'
complete -c deltallm-gateway -n "$at" -a version -d 'Print the version'

complete -c deltallm-gateway -n "$at serve" -s c -l config -rF -d 'Configuration file'
complete -c deltallm-gateway -n "$at serve" -l state-dir -xa '(__fish_complete_directories)' -d 'State folder'
complete -c deltallm-gateway -n "$at serve" -l listen -x -d 'Address and port'

complete -c deltallm-gateway -n "$at check-config" -s c -l config -rF -d 'Configuration file'
complete -c deltallm-gateway -n "$at check-config" -F

complete -c deltallm-gateway -n "$at keys" -a create -d 'Make a key'
complete -c deltallm-gateway -n "$at keys" -a list -d 'List the keys, never their secrets'
complete -c deltallm-gateway -n "$at keys" -a revoke -d 'Remove a key'

complete -c deltallm-gateway -n "$at keys create" -s c -l config -rF -d 'Configuration file'
complete -c deltallm-gateway -n "$at keys create" -l state-dir -xa '(__fish_complete_directories)' -d 'State folder'
complete -c deltallm-gateway -n "$at keys create" -l alias -x -d 'A unique name for people'
complete -c deltallm-gateway -n "$at keys create" -l models -x -d 'Models it may call, separated by commas'
complete -c deltallm-gateway -n "$at keys create" -l expires -xa '12h 7d 30d 90d' -d 'Lifetime'
complete -c deltallm-gateway -n "$at keys create" -l user -x -d 'Id of the user it belongs to'
complete -c deltallm-gateway -n "$at keys create" -l team -x -d 'Id of the team it belongs to'
complete -c deltallm-gateway -n "$at keys create" -l count -x -d 'Make so many keys'
complete -c deltallm-gateway -n "$at keys create" -l json -d 'One JSON object per line'

complete -c deltallm-gateway -n "$at keys list" -s c -l config -rF -d 'Configuration file'
complete -c deltallm-gateway -n "$at keys list" -l state-dir -xa '(__fish_complete_directories)' -d 'State folder'
complete -c deltallm-gateway -n "$at keys list" -l json -d 'One JSON object per line'

complete -c deltallm-gateway -n "$at keys revoke" -s c -l config -rF -d 'Configuration file'
complete -c deltallm-gateway -n "$at keys revoke" -l state-dir -xa '(__fish_complete_directories)' -d 'State folder'

complete -c deltallm-gateway -n "$at verify" -s c -l config -rF -d 'Configuration file'
complete -c deltallm-gateway -n "$at verify" -l state-dir -xa '(__fish_complete_directories)' -d 'State folder'
