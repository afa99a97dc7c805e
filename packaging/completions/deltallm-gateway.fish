# Completion of deltallm-gateway for fish. A test holds its words against --help.

# True if the commands before the cursor are exactly the arguments.
function __deltallm_gateway_at
    set -l words (commandline -opc)
    set -e words[1]
    set -l commands
    for word in $words[1..2]
        if contains -- $word serve check-config keys budgets limits alerts gateways audit erase-end-user kek migrate verify version create list revoke set reset remove test forget export public-key status rotate retire
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
complete -c deltallm-gateway -n "$at" -a budgets -d 'List, set, reset and remove budgets'
complete -c deltallm-gateway -n "$at" -a limits -d 'List, set and remove rate limits'
complete -c deltallm-gateway -n "$at" -a alerts -d 'List and test alerts about budgets'
complete -c deltallm-gateway -n "$at" -a gateways -d 'List and forget gateways'
complete -c deltallm-gateway -n "$at" -a audit -d 'Prove and export the audit log'
complete -c deltallm-gateway -n "$at" -a erase-end-user -d 'Take the name of an end user away'
complete -c deltallm-gateway -n "$at" -a kek -d 'Replace the keys of sealed secrets'
complete -c deltallm-gateway -n "$at" -a migrate -d 'Bring the store up to this version'
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
complete -c deltallm-gateway -n "$at keys create" -l organization -x -d 'Id of the organisation it belongs to'
complete -c deltallm-gateway -n "$at keys create" -l tags -x -d 'Tags of all its calls'
complete -c deltallm-gateway -n "$at keys create" -l max-budget -x -d 'What each key may spend, in USD'
complete -c deltallm-gateway -n "$at keys create" -l budget-duration -xa '1d 7d 30d 1mo' -d 'When that begins anew'
complete -c deltallm-gateway -n "$at keys create" -l rpm -x -d 'Requests a minute'
complete -c deltallm-gateway -n "$at keys create" -l rph -x -d 'Requests an hour'
complete -c deltallm-gateway -n "$at keys create" -l rpd -x -d 'Requests a day'
complete -c deltallm-gateway -n "$at keys create" -l tpm -x -d 'Tokens a minute'
complete -c deltallm-gateway -n "$at keys create" -l tph -x -d 'Tokens an hour'
complete -c deltallm-gateway -n "$at keys create" -l tpd -x -d 'Tokens a day'
complete -c deltallm-gateway -n "$at keys create" -l max-parallel -x -d 'Requests at the same time'
complete -c deltallm-gateway -n "$at keys create" -l count -x -d 'Make so many keys'
complete -c deltallm-gateway -n "$at keys create" -l json -d 'One JSON object per line'

complete -c deltallm-gateway -n "$at keys list" -s c -l config -rF -d 'Configuration file'
complete -c deltallm-gateway -n "$at keys list" -l state-dir -xa '(__fish_complete_directories)' -d 'State folder'
complete -c deltallm-gateway -n "$at keys list" -l json -d 'One JSON object per line'

complete -c deltallm-gateway -n "$at keys revoke" -s c -l config -rF -d 'Configuration file'
complete -c deltallm-gateway -n "$at keys revoke" -l state-dir -xa '(__fish_complete_directories)' -d 'State folder'

complete -c deltallm-gateway -n "$at budgets" -a list -d 'Show what is spent of each budget'
complete -c deltallm-gateway -n "$at budgets" -a set -d 'Make or replace a budget'
complete -c deltallm-gateway -n "$at budgets" -a reset -d 'Have a budget begin anew'
complete -c deltallm-gateway -n "$at budgets" -a remove -d 'Remove a budget'

complete -c deltallm-gateway -n "$at budgets list" -s c -l config -rF -d 'Configuration file'
complete -c deltallm-gateway -n "$at budgets list" -l state-dir -xa '(__fish_complete_directories)' -d 'State folder'
complete -c deltallm-gateway -n "$at budgets list" -l json -d 'One JSON object per line'

complete -c deltallm-gateway -n "$at budgets set" -s c -l config -rF -d 'Configuration file'
complete -c deltallm-gateway -n "$at budgets set" -l state-dir -xa '(__fish_complete_directories)' -d 'State folder'
complete -c deltallm-gateway -n "$at budgets set" -l id -x -d 'Id of the budget to replace or make'
complete -c deltallm-gateway -n "$at budgets set" -l scope -xa 'gateway team team_member user key end_user model deployment provider organization tag' -d 'Whose calls it counts'
complete -c deltallm-gateway -n "$at budgets set" -l scope-id -x -d 'Id or name of that team, user, key or model'
complete -c deltallm-gateway -n "$at budgets set" -l member -x -d 'Id of one user, of all in the team'
complete -c deltallm-gateway -n "$at budgets set" -l max-budget -x -d 'What may be spent, in USD'
complete -c deltallm-gateway -n "$at budgets set" -l soft-budget -x -d 'What is to be warned at, in USD'
complete -c deltallm-gateway -n "$at budgets set" -l duration -xa '1d 7d 30d 1mo' -d 'When it begins anew'
complete -c deltallm-gateway -n "$at budgets set" -l rolling -d 'Look back over one duration at each moment'
complete -c deltallm-gateway -n "$at budgets set" -l timezone -x -d 'Where midnight is'

complete -c deltallm-gateway -n "$at budgets reset" -s c -l config -rF -d 'Configuration file'
complete -c deltallm-gateway -n "$at budgets reset" -l state-dir -xa '(__fish_complete_directories)' -d 'State folder'
complete -c deltallm-gateway -n "$at budgets reset" -l reason -x -d 'Why, for those who read the history'

complete -c deltallm-gateway -n "$at budgets remove" -s c -l config -rF -d 'Configuration file'
complete -c deltallm-gateway -n "$at budgets remove" -l state-dir -xa '(__fish_complete_directories)' -d 'State folder'

complete -c deltallm-gateway -n "$at limits" -a list -d 'Show all rate limits but those of keys'
complete -c deltallm-gateway -n "$at limits" -a set -d 'Make or replace a rate limit'
complete -c deltallm-gateway -n "$at limits" -a remove -d 'Remove a rate limit'

complete -c deltallm-gateway -n "$at limits list" -s c -l config -rF -d 'Configuration file'
complete -c deltallm-gateway -n "$at limits list" -l state-dir -xa '(__fish_complete_directories)' -d 'State folder'
complete -c deltallm-gateway -n "$at limits list" -l json -d 'One JSON object per line'

complete -c deltallm-gateway -n "$at limits set" -s c -l config -rF -d 'Configuration file'
complete -c deltallm-gateway -n "$at limits set" -l state-dir -xa '(__fish_complete_directories)' -d 'State folder'
complete -c deltallm-gateway -n "$at limits set" -l scope -xa 'gateway organization team team_member user key end_user model' -d 'Whose calls it counts'
complete -c deltallm-gateway -n "$at limits set" -l scope-id -x -d 'Id or name of that team, user, key or model'
complete -c deltallm-gateway -n "$at limits set" -l member -x -d 'Id of one user, of all in the team'
complete -c deltallm-gateway -n "$at limits set" -l model -x -d 'Count only calls to that model'
complete -c deltallm-gateway -n "$at limits set" -l rpm -x -d 'Requests a minute'
complete -c deltallm-gateway -n "$at limits set" -l rph -x -d 'Requests an hour'
complete -c deltallm-gateway -n "$at limits set" -l rpd -x -d 'Requests a day'
complete -c deltallm-gateway -n "$at limits set" -l tpm -x -d 'Tokens a minute'
complete -c deltallm-gateway -n "$at limits set" -l tph -x -d 'Tokens an hour'
complete -c deltallm-gateway -n "$at limits set" -l tpd -x -d 'Tokens a day'
complete -c deltallm-gateway -n "$at limits set" -l max-parallel -x -d 'Requests at the same time'

complete -c deltallm-gateway -n "$at limits remove" -s c -l config -rF -d 'Configuration file'
complete -c deltallm-gateway -n "$at limits remove" -l state-dir -xa '(__fish_complete_directories)' -d 'State folder'
complete -c deltallm-gateway -n "$at limits remove" -l scope -xa 'gateway organization team team_member user key end_user model' -d 'Whose calls it counts'
complete -c deltallm-gateway -n "$at limits remove" -l scope-id -x -d 'Id or name of that team, user, key or model'
complete -c deltallm-gateway -n "$at limits remove" -l member -x -d 'Id of one user, of all in the team'
complete -c deltallm-gateway -n "$at limits remove" -l model -x -d 'Count only calls to that model'

complete -c deltallm-gateway -n "$at alerts" -a list -d 'Show what was sent, what waits, and what failed'
complete -c deltallm-gateway -n "$at alerts" -a test -d 'Send a test through every channel'

complete -c deltallm-gateway -n "$at alerts list" -s c -l config -rF -d 'Configuration file'
complete -c deltallm-gateway -n "$at alerts list" -l state-dir -xa '(__fish_complete_directories)' -d 'State folder'
complete -c deltallm-gateway -n "$at alerts list" -l json -d 'One JSON object per line'

complete -c deltallm-gateway -n "$at alerts test" -s c -l config -rF -d 'Configuration file'

complete -c deltallm-gateway -n "$at gateways" -a list -d 'Show when each was last seen'
complete -c deltallm-gateway -n "$at gateways" -a forget -d 'Leave others what a gateway holds'

complete -c deltallm-gateway -n "$at gateways list" -s c -l config -rF -d 'Configuration file'
complete -c deltallm-gateway -n "$at gateways list" -l state-dir -xa '(__fish_complete_directories)' -d 'State folder'
complete -c deltallm-gateway -n "$at gateways list" -l json -d 'One JSON object per line'

complete -c deltallm-gateway -n "$at gateways forget" -s c -l config -rF -d 'Configuration file'
complete -c deltallm-gateway -n "$at gateways forget" -l state-dir -xa '(__fish_complete_directories)' -d 'State folder'
complete -c deltallm-gateway -n "$at gateways forget" -l force -d 'Also one that was seen lately'

complete -c deltallm-gateway -n "$at migrate" -s c -l config -rF -d 'Configuration file'
complete -c deltallm-gateway -n "$at migrate" -l state-dir -xa '(__fish_complete_directories)' -d 'State folder'
complete -c deltallm-gateway -n "$at verify" -s c -l config -rF -d 'Configuration file'
complete -c deltallm-gateway -n "$at verify" -l state-dir -xa '(__fish_complete_directories)' -d 'State folder'

complete -c deltallm-gateway -n "$at audit" -a verify -d 'Prove that nobody has changed it'
complete -c deltallm-gateway -n "$at audit" -a export -d 'Print it'
complete -c deltallm-gateway -n "$at audit" -a public-key -d 'Print what proves notes about it'

complete -c deltallm-gateway -n "$at audit verify" -s c -l config -rF -d 'Configuration file'
complete -c deltallm-gateway -n "$at audit verify" -l state-dir -xa '(__fish_complete_directories)' -d 'State folder'
complete -c deltallm-gateway -n "$at audit verify" -l checkpoint -x -d 'SEQUENCE:HASH'
complete -c deltallm-gateway -n "$at audit verify" -l checkpoints -rF -d 'What gateways logged'

complete -c deltallm-gateway -n "$at audit export" -s c -l config -rF -d 'Configuration file'
complete -c deltallm-gateway -n "$at audit export" -l state-dir -xa '(__fish_complete_directories)' -d 'State folder'

complete -c deltallm-gateway -n "$at audit public-key" -s c -l config -rF -d 'Configuration file'
complete -c deltallm-gateway -n "$at audit public-key" -l state-dir -xa '(__fish_complete_directories)' -d 'State folder'

complete -c deltallm-gateway -n "$at erase-end-user" -s c -l config -rF -d 'Configuration file'
complete -c deltallm-gateway -n "$at erase-end-user" -l state-dir -xa '(__fish_complete_directories)' -d 'State folder'
complete -c deltallm-gateway -n "$at erase-end-user" -l yes -d 'Do it'

complete -c deltallm-gateway -n "$at kek" -a status -d 'Show how much is sealed with each key'
complete -c deltallm-gateway -n "$at kek" -a rotate -d 'Make a new key and move everything to it'
complete -c deltallm-gateway -n "$at kek" -a retire -d 'Take away old keys'

complete -c deltallm-gateway -n "$at kek status" -s c -l config -rF -d 'Configuration file'
complete -c deltallm-gateway -n "$at kek status" -l state-dir -xa '(__fish_complete_directories)' -d 'State folder'
complete -c deltallm-gateway -n "$at kek status" -l json -d 'One JSON object per line'

complete -c deltallm-gateway -n "$at kek rotate" -s c -l config -rF -d 'Configuration file'
complete -c deltallm-gateway -n "$at kek rotate" -l state-dir -xa '(__fish_complete_directories)' -d 'State folder'
complete -c deltallm-gateway -n "$at kek rotate" -l copied -d 'All other gateways have the new key'

complete -c deltallm-gateway -n "$at kek retire" -s c -l config -rF -d 'Configuration file'
complete -c deltallm-gateway -n "$at kek retire" -l state-dir -xa '(__fish_complete_directories)' -d 'State folder'
