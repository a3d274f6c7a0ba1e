# Completion of tlsrpt for Bash. Needs no functions of bash-completion.

_tlsrpt() {
  local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
  local command='' word words='' front=''
  COMPREPLY=()

  # Bash cuts "--format=json" in three, unless COMP_WORDBREAKS lacks "=".
  if [[ $before == = ]]; then
    before=${COMP_WORDS[COMP_CWORD - 2]}
  elif [[ $current == = ]]; then
    current=
  elif [[ $current == --*=* ]]; then
    front=${current%%=*}= before=${current%%=*} current=${current#*=}
  fi

  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in
      --) [[ $command == show || $command == write || $command == sum || $command == list || $command == advise || $command == merge ]] || compopt +o bashdefault +o default 2>/dev/null
        return ;;
      show | check | explain | write | sum | list | advise | merge) command=${command:-$word} ;;
    esac
  done

  case $command,$before,$current in
    sum,--format,*) words='text json csv openmetrics' ;;
    list,--format,*) words='text json csv' ;;
    ?*,--format,*) words='text json' ;;
    ?*,--color,*) words='auto always never' ;;
    show,--now,* | sum,--now,* | advise,--now,*) words=$(date -u +%Y-%m-%dT%H:%M:%SZ) ;;
    show,*,-*) words='--help --strict --format --color --now --verbose --lines' ;;
    check,--sts,*) return ;;
    check,*,-*) words='--help --strict --format --color --sts' ;;
    explain,*,-*) words='--help --format --color' ;;
    write,*,-*) words='--help --faithful --pretty --gzip' ;;
    sum,--since,* | sum,--until,* | list,--since,* | list,--until,* | advise,--since,* | advise,--until,* | merge,--since,* | merge,--until,*) words=$(date -u +%Y-%m-%d) ;;
    advise,--fail-on,*) words='1 2 3 4 5' ;;
    sum,--jobs,* | advise,--jobs,* | merge,--jobs,*) ;;
    sum,--domain,* | list,--domain,* | list,--reporter,* | advise,--domain,*) ;;
    sum,--by,*) words='domain host reason reporter result policy day' ;;
    sum,--known,* | advise,--known,*) return ;;
    sum,*,-*) words='--help --strict --format --color --now --since --until --domain --by --failures --known --jobs' ;;
    list,*,-*) words='--help --strict --format --color --since --until --domain --reporter --failures' ;;
    advise,*,-*) words='--help --strict --format --color --now --since --until --domain --known --fail-on --jobs' ;;
    merge,*,-*) words='--help --strict --claimed --since --until --jobs' ;;
    show,* | write,* | sum,* | list,* | advise,* | merge,*) return ;;  # files: readline knows them best
    check,* | explain,*) ;;  # a text is nothing that could be guessed
    ,*,-*) words='--help --version' ;;
    *) words='show check explain write sum list advise merge' ;;
  esac
  compopt +o bashdefault +o default 2>/dev/null
  mapfile -t COMPREPLY < <(compgen -P "$front" -W "$words" -- "$current")
}

complete -o bashdefault -o default -F _tlsrpt tlsrpt
