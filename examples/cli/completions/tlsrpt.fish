# Completion of tlsrpt for fish.

set -l commands show check explain write sum list advise merge

complete -c tlsrpt -f
complete -c tlsrpt -s h -l help -d 'Print help and exit'
complete -c tlsrpt -n "not __fish_seen_subcommand_from $commands" -l version -d 'Print the version and exit'
complete -c tlsrpt -n "not __fish_seen_subcommand_from $commands" -a show -d 'Show reports, plain, gzipped or in mails'
complete -c tlsrpt -n "not __fish_seen_subcommand_from $commands" -a check -d 'Check a TXT record, or all TXT records of a name'
complete -c tlsrpt -n "not __fish_seen_subcommand_from $commands" -a explain -d 'Explain reasons of failures, as reports have them'
complete -c tlsrpt -n "not __fish_seen_subcommand_from $commands" -a write -d 'Write reports anew, as they should be'
complete -c tlsrpt -n "not __fish_seen_subcommand_from $commands" -a sum -d 'Add up the sessions and failures of many reports'
complete -c tlsrpt -n "not __fish_seen_subcommand_from $commands" -a list -d 'List reports, one on a line'
complete -c tlsrpt -n "not __fish_seen_subcommand_from $commands" -a advise -d 'Say what to do, from many reports'
complete -c tlsrpt -n "not __fish_seen_subcommand_from $commands" -a merge -d 'Write a ledger of reports and ledgers'

complete -c tlsrpt -n '__fish_seen_subcommand_from show check sum list advise merge' -l strict -d 'Refuse whatever breaks the RFC'
complete -c tlsrpt -n '__fish_seen_subcommand_from show check explain advise' -l format -x -a 'text json' -d 'What to write'
complete -c tlsrpt -n '__fish_seen_subcommand_from sum' -l format -x -a 'text json csv openmetrics' -d 'What to write'
complete -c tlsrpt -n '__fish_seen_subcommand_from list' -l format -x -a 'text json csv' -d 'What to write'
complete -c tlsrpt -n '__fish_seen_subcommand_from sum' -l by -x -a 'domain host reason reporter result policy day' -d 'What a row is about'
complete -c tlsrpt -n '__fish_seen_subcommand_from sum' -l failures -d 'Only failures'
complete -c tlsrpt -n '__fish_seen_subcommand_from list' -l failures -d 'Only reports that speak of failures'
complete -c tlsrpt -n '__fish_seen_subcommand_from list' -l reporter -x -d 'Only reports of this sender'
complete -c tlsrpt -n '__fish_seen_subcommand_from show check explain sum list advise' -l color -x -a 'auto always never' -d 'Colour in text'
complete -c tlsrpt -n '__fish_seen_subcommand_from show' -l now -x -d 'Judge periods as of this time instead of the clock'
complete -c tlsrpt -n '__fish_seen_subcommand_from sum advise' -l now -x -d 'As of this time, not the day after the newest report'
complete -c tlsrpt -n '__fish_seen_subcommand_from sum list advise merge' -l since -x -d 'Only reports about this day and later ones'
complete -c tlsrpt -n '__fish_seen_subcommand_from sum list advise merge' -l until -x -d 'Only reports about this day and earlier ones'
complete -c tlsrpt -n '__fish_seen_subcommand_from sum list advise' -l domain -x -d 'Only what is about this domain'
complete -c tlsrpt -n '__fish_seen_subcommand_from sum advise' -l known -r -F -d 'A list of what is known until some day'
complete -c tlsrpt -n '__fish_seen_subcommand_from advise' -l fail-on -x -a '1 2 3 4 5' -d 'Exit by 4 for this severity or a worse one'
complete -c tlsrpt -n '__fish_seen_subcommand_from write' -l faithful -d 'Write what was read, with the faults it has'
complete -c tlsrpt -n '__fish_seen_subcommand_from write' -l pretty -d 'Lay reports out for people'
complete -c tlsrpt -n '__fish_seen_subcommand_from write' -l gzip -d 'Compress them'
complete -c tlsrpt -n '__fish_seen_subcommand_from show' -s v -l verbose -d 'Explain the failures in each report, not once'
complete -c tlsrpt -n '__fish_seen_subcommand_from show' -l lines -d 'Read each line as a report'
complete -c tlsrpt -n '__fish_seen_subcommand_from check' -l sts -r -F -d 'Check the MTA-STS policy in this file'
complete -c tlsrpt -n '__fish_seen_subcommand_from show write sum list advise merge' -F
