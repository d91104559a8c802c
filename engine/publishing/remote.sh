#!/bin/sh
# Run the server's part of a publication, in POSIX sh. engine/publishing/ssh.py sends it on standard
# input:
#     sh -s -- COMMAND MODE FOLDER STATE [ARGUMENT...]
# STATE holds the releases: STATE/NNNN-DIGEST/site is the site, manifest the checksums of its files,
# carried the checksums of files kept for open pages of the previous release. STATE/.partial has the
# checksums of the files that a switch in place which has not ended may have put into FOLDER. Only the
# last line runs a command, so that a truncated script does nothing. Exit code 3 is a refusal;
# standard error then holds "refused: CODE VALUE...\036", separated by \037; ssh.py has the message
# of each code.
LC_ALL=C
export LC_ALL
umask 022

refuse() { # CODE VALUE...
    IFS=$(printf '\037')
    printf 'refused: %s\036\n' "$*" >&2
    exit 3
}

# --- State ----------------------------------------------------------------------------------

current() {
    case $mode in
        symlink)
            link=$(readlink "$folder/current") && name=${link%/site*} && name=${name##*/} || return 0
            # Made by hand, it may be absolute.
            if [ "$link" = "releases/$name/site" ] || [ "$folder/current" -ef "$state/$name/site" ]; then
                printf '%s\n' "$name"
            fi
            ;;
        htaccess) sed -n 's/^# release \([0-9a-f-]*\) .*$/\1/p' "$folder/.htaccess" 2>/dev/null ;;
        inplace) cat "$state/.current" 2>/dev/null ;;
    esac
    return 0
}

releases() {
    for each in "$state"/[0-9]*-*; do
        [ ! -d "$each/site" ] || printf '%s\n' "${each##*/}"
    done | grep -x '[0-9]\{4,\}-[0-9a-f]\{8\}' | sort -n
}

require_folder() {
    [ -d "$folder" ] || refuse no-folder "$folder"
    [ -w "$folder" ] && [ -x "$folder" ] || refuse folder-not-writable "$folder" "$(id -un)"
    if [ "$mode" = symlink ] && [ -e "$folder/current" ] && [ ! -L "$folder/current" ]; then
        refuse current-is-no-link "$folder/current"
    fi
    if [ "$mode" = symlink ] && [ -L "$folder/current" ] && [ -z "$(current)" ]; then
        refuse current-leads-elsewhere "$folder/current" "$(readlink "$folder/current")"
    fi
    if [ "$mode" = htaccess ] && [ -s "$folder/.htaccess" ] && [ -z "$(current)" ]; then
        refuse foreign-htaccess "$folder/.htaccess"
    fi
}

require_state() {
    require_folder
    mkdir -p "$state" || refuse state-not-made "$state"
    [ -w "$state" ] || refuse state-not-writable "$state" "$(id -un)"
}

sums_tool() {
    for tool in sha256sum shasum openssl; do
        if command -v "$tool" >/dev/null 2>&1; then
            echo "$tool"
            return
        fi
    done
    echo none
}

survey() {
    require_folder
    live=$(current)
    echo "current $live"
    echo "sums $(sums_tool)"
    echo "rsync $(rsync --version 2>/dev/null | head -n 1)"
    echo "free $(df -Pk "$folder" | { read -r _ && read -r _ _ _ free _ && echo "$free"; })"
    for each in $(releases); do
        manifest=$state/$each/manifest
        pages=$(grep -c '\.html$' "$manifest" 2>/dev/null)
        made=$(date -u -r "$manifest" '+%Y-%m-%d %H:%M' 2>/dev/null)
        # Another publication, or the end of one that was killed, may remove it meanwhile.
        [ ! -d "$state/$each/site" ] || echo "release $each ${pages:-0} $made"
    done
    if [ -n "$live" ] && [ -f "$state/$live/manifest" ]; then cat "$state/$live/manifest"; fi
}

# A switch finds an upload whole, or not at all: it may still run without its client.
remove() { # NAME
    rm -rf "$state/.gone-$1" || return
    [ ! -e "$state/$1" ] || { mv "$state/$1" "$state/.gone-$1" && rm -rf "$state/.gone-$1"; }
}

# --- An upload ------------------------------------------------------------------------------

# Runs as long as the client is connected. When the connection ends, it removes the upload.
hold() { # TOKEN
    trap '' HUP INT PIPE TERM
    echo "holding $$"
    last=$(tail -n 1)
    left=30 # rsync may still be writing
    until remove ".tmp-$1" 2>/dev/null || [ "$left" -eq 0 ]; do
        left=$((left - 1))
        sleep 1
    done
    # The last request of a client that was killed may begin an upload only now.
    [ "$last" = over ] || { sleep 2 && remove ".tmp-$1"; }
}

begin() { # TOKEN HOLDER
    require_state
    for left in "$state"/.tmp-* "$state"/.gone-* "$state"/.lock-*; do
        holder=$(cat "$left/holder" 2>/dev/null) || holder=
        if [ -z "$holder" ] || ! kill -0 "$holder" 2>/dev/null || [ -n "$(find "$left" -prune -mtime +1)" ]; then
            case $left in
                */.tmp-*) remove "${left##*/}" ;;
                *) rm -rf "$left" ;;
            esac
        fi
    done
    # Left by an interrupted switch. The name ends in its process id; that process may still run.
    for left in "$folder"/.current-* "$state"/.current-* "$state"/.htaccess-* "$state"/.partial-*; do
        # In the folder, only the link is ours: a file may be a copy that the owner named so.
        [ -L "$left" ] || [ "${left%/*}" = "$state" ] || continue
        case ${left##*-} in
            '' | *[!0-9]*) ;;
            *) kill -0 "${left##*-}" 2>/dev/null || rm -f "$left" ;;
        esac
    done
    made=$state/.tmp-$1
    mkdir "$made" && echo "$2" >"$made/holder" && mkdir "$made/release" && [ -s "$made/holder" ] || {
        rm -rf "$made"
        refuse nothing-written "$state"
    }
}

check_sums() { # COMMAND...: the files that it does not find good, or the command if it failed
    said=$("$@" -c - 2>/dev/null) && return
    bad=$(printf '%s\n' "$said" | sed '/: OK$/d')
    printf '%s\n' "${bad:-$1: FAILED}"
}

bad_sums() { # RELEASE: the files that differ from its manifest
    (
        cd "$1/site" || { echo "site: FAILED" && exit; }
        wanted=$(cat ../manifest ../carried 2>/dev/null | wc -l)
        found=$(find . -type f | wc -l)
        [ "$((wanted))" -eq "$((found))" ] || echo "$((found)) files instead of $((wanted))"
        cat ../manifest ../carried 2>/dev/null | case $(sums_tool) in
            sha256sum) check_sums sha256sum ;;
            shasum) check_sums shasum -a 256 ;;
            openssl)
                while IFS= read -r line; do
                    name=${line#*  }
                    sum=$(openssl dgst -sha256 -r <"$name" 2>/dev/null)
                    [ "${sum%% *}" = "${line%%  *}" ] || echo "$name: FAILED"
                done
                ;;
            none) cat >/dev/null ;;
        esac
    )
}

verify() { # TOKEN
    new=$state/.tmp-$1/release
    find "$new" -type d ! -perm 755 -exec chmod 755 {} + && find "$new" -type f ! -perm 644 -exec chmod 644 {} +
    [ -s "$new/manifest" ] || refuse upload-not-whole
    bad_sums "$new"
}

# --- Files that no publication put there: only the mode inplace writes among them -----------

sums() { # RELEASE
    for part in manifest carried; do
        [ ! -f "$state/$1/$part" ] || cat "$state/$1/$part" || return
    done
}

# Print the names of the files that publications have put into the folder. Where only earlier
# releases have files, the owner may have put others.
published() {
    { sums "$(current)"; cat "$state/.partial" 2>/dev/null; } | cut -c 67- | sort -u
}

# Print what the site of the manifest on standard input would replace: a refusal without "replace".
foreign() { # [replace] [CODE]
    [ "$mode" = inplace ] || return 0
    found=$(
        {
            published
            published
            cut -c 67- | while IFS= read -r name; do
                found=
                if [ -e "$folder/$name" ] || [ -L "$folder/$name" ]; then found=$name; fi
                # rsync would replace a file or a link, with all that is in it, by a folder.
                while [ "$name" != "${name%/*}" ]; do
                    name=${name%/*}
                    if [ -d "$folder/$name" ] && [ ! -L "$folder/$name" ]; then continue; fi
                    if [ -e "$folder/$name" ] || [ -L "$folder/$name" ]; then found=$name; fi
                done
                [ -z "$found" ] || printf '%s\n' "$found"
            done | sort -u
        } | sort | uniq -u
    )
    [ -n "$found" ] || return 0
    if [ "$1" != replace ]; then
        number=$(($(printf '%s\n' "$found" | wc -l)))
        found=$(printf '%s\n' "$found" | head -n 5)
        refuse "${2:-foreign-files}" "$folder" "$number" "$found" "$state"
    fi
    printf '%s\n' "$found"
}

# Fails before anything was moved, or with bring_back to call.
keep_foreign() {
    [ -n "$others" ] || return 0
    mkdir -p "$kept" && printf '%s\n' "$others" >"${kept%/site}/names" || return 1
    # The old site is without what is moved: that comes last.
    for what in files others; do
        while IFS= read -r name; do
            if [ -f "$folder/$name" ] && [ ! -L "$folder/$name" ]; then its=files; else its=others; fi
            [ "$its" = "$what" ] || continue
            mkdir -p "$(dirname "$kept/$name")" || return 1
            case $what in
                files) cp -p "$folder/$name" "$kept/$name" || { rm -f "$kept/$name"; return 1; } ;;
                others) mv "$folder/$name" "$kept/$name" || return 1 ;;
            esac
        done <"${kept%/site}/names"
    done
}

# Fails if something else stands in the place of a kept file, which then stays kept.
bring_back() {
    [ -d "$kept" ] || return 0
    stays=
    while IFS= read -r name; do
        [ -e "$kept/$name" ] || [ -L "$kept/$name" ] || continue
        # mv would put it into a folder.
        if [ -d "$folder/$name" ] && [ ! -L "$folder/$name" ]; then stays=$name && continue; fi
        mkdir -p "$(dirname "$folder/$name")" && mv -f "$kept/$name" "$folder/$name" || stays=$name
    done <"${kept%/site}/names"
    [ -z "$stays" ] && rm -rf "${kept%/site}"
}

# --- The switch -----------------------------------------------------------------------------

# STATE/.lock is a folder. The one file in it, PROCESS-MACHINE, names the holder.
lock_is_stale() {
    for holder in "$state/.lock"/*; do :; done
    number=${holder##*/}
    if [ "$number" != "${number%-"$(uname -n)"}" ] && ! kill -0 "${number%%-*}" 2>/dev/null; then
        return 0
    fi
    [ -z "$(find "$state/.lock" -prune -mmin +10)" ] || return 0
    # A lock is newer than now if the clock was set back.
    printf '' >"$state/.lock-now-$$"
    [ -n "$(find "$state/.lock" -prune -newer "$state/.lock-now-$$")" ]
    stale=$?
    rm -f "$state/.lock-now-$$"
    return $stale
} 2>/dev/null

make_lock() {
    mkdir "$state/.lock" && { printf '' >"$mine" || { rmdir "$state/.lock" && false; }; }
} 2>/dev/null

take_lock() {
    # From here on, run to the end even if the connection is lost.
    trap '' HUP INT PIPE TERM
    mine=$state/.lock/$$-$(uname -n)
    left=6
    until make_lock; do
        [ -d "$state/.lock" ] || [ -w "$state" ] || refuse state-not-writable "$state" "$(id -un)"
        if lock_is_stale; then
            # Of several processes that find it stale, only one can rename its file.
            mv "$holder" "$mine" 2>/dev/null && break
            rmdir "$state/.lock" 2>/dev/null
        else
            [ "$left" -gt 0 ] || refuse locked
            sleep 1
        fi
        left=$((left - 1))
        [ "$left" -gt -5 ] || refuse lock-not-made "$state/.lock"
    done
    # If it was held too long, it is another's.
    trap 'rm "$mine" 2>/dev/null && rmdir "$state/.lock"' EXIT
}

require_unmoved() { # EXPECTED
    [ "$(current)" = "$1" ] || refuse live-changed "$1" "$(current)"
}

# Open pages of the previous release still request its files with digests in their names.
carry() { # FROM TO PATTERN
    [ -f "$state/$1/manifest" ] || return 0
    grep -E -- "$3" "$state/$1/manifest" | while IFS= read -r line; do
        name=${line#*  }
        if [ -e "$2/site/$name" ] || [ ! -e "$state/$1/site/$name" ]; then continue; fi
        mkdir -p "$(dirname "$2/site/$name")" || exit 1
        { ln "$state/$1/site/$name" "$2/site/$name" 2>/dev/null || cp "$state/$1/site/$name" "$2/site/$name"; } &&
            printf '%s\n' "$line" >>"$2/carried" || {
            rm -f "$2/site/$name"
            exit 1
        }
    done
}

put_in_place() { # NEW OLD: an atomic rename, even if OLD is a link to a folder
    mv -T "$1" "$2" 2>/dev/null || mv -h "$1" "$2" 2>/dev/null ||
        perl -e 'rename($ARGV[0], $ARGV[1]) or exit 1' "$1" "$2" 2>/dev/null
}

write_htaccess() { # RELEASE BASE
    cat <<END
# release $1 is what visitors get; this file is replaced at each publication
RewriteEngine On
# The release has rules of its own: these come before them.
RewriteOptions InheritDownBefore
RewriteBase $2
RewriteCond %{THE_REQUEST} "\s/+([^ ?]*/)?\.sites/"
RewriteRule ^ - [R=404,L]
RewriteCond %{REQUEST_URI} !/\.sites/
RewriteCond %{CONTEXT_DOCUMENT_ROOT}$2.sites/$1/site/\$1 -d
RewriteRule ^(.*[^/])\$ \$1/ [R=301,L]
RewriteCond %{REQUEST_URI} !/\.sites/
RewriteCond %{REQUEST_URI} !/\.well-known/acme-challenge/
RewriteRule ^(.*)\$ .sites/$1/site/\$1 [L]
END
}

# For a folder that allows neither links nor rewriting: copy the files that pages need, then the
# pages, and last remove obsolete files. Only files of a release are removed.
phases() { # RELEASE
    copy="rsync -rlc --delay-updates"
    from=$state/$1/site/
    $copy --exclude='*.html' --exclude='*.html.*' --exclude='*.xml' --exclude='*.xml.*' \
        --exclude='.htaccess' --exclude='version.txt*' "$from" "$folder/" &&
        $copy --ignore-existing --include='*/' --include='*.html' --include='*.html.*' --exclude='*' "$from" "$folder/" &&
        $copy --exclude='/index.html*' --exclude='*.xml' --exclude='*.xml.*' --exclude='version.txt*' "$from" "$folder/" &&
        $copy "$from" "$folder/" || return 1
    remove_obsolete "$1"
}

remove_obsolete() { # [RELEASE]: without it, remove every published file
    published | while IFS= read -r name; do
        [ -e "$state/$1/site/$name" ] || [ ! -e "$folder/$name" ] || rm -f "$folder/$name"
    done
    # A folder of another site, in which only kept files were, stays as it is.
    [ -z "$back" ] || bring_back
    published | while IFS= read -r name; do
        [ ! -e "$state/$1/site/$name" ] || continue
        case $name in
            # A switch that fails may have made only the folder.
            */*) [ ! -d "$folder/${name%/*}" ] || (cd "$folder" && rmdir -p "${name%/*}" 2>/dev/null) ;;
        esac
    done
    return 0
}

activate() { # RELEASE BASE OLD
    case $mode in
        symlink)
            ln -s "releases/$1/site" "$folder/.current-$$" &&
                put_in_place "$folder/.current-$$" "$folder/current"
            ;;
        htaccess)
            write_htaccess "$1" "$2" >"$state/.htaccess-$$" && [ -s "$state/.htaccess-$$" ] &&
                chmod 644 "$state/.htaccess-$$" && mv -f "$state/.htaccess-$$" "$folder/.htaccess"
            ;;
        inplace)
            { cat "$state/.partial" 2>/dev/null; sums "$1"; } >"$state/.partial-$$" &&
                mv -f "$state/.partial-$$" "$state/.partial" || return
            phases "$1" && echo "$1" >"$state/.current-$$" &&
                mv -f "$state/.current-$$" "$state/.current" && { rm -f "$state/.partial"; return 0; }
            back=yes
            if [ -n "$3" ]; then
                phases "$3"
            else
                [ -n "$kept" ] && [ "$(releases)" = "$1" ] && remove_obsolete
            fi && rm -f "$state/.partial"
            return 1
            ;;
    esac
}

remember() { # RELEASE
    [ -z "$1" ] || { echo "$1" >"$state/.previous-$$" && mv -f "$state/.previous-$$" "$state/.previous"; }
}

switch() { # TOKEN EXPECTED DIGEST PATTERN BASE [replace]
    take_lock
    require_unmoved "$2"
    last=$(releases | tail -n 1)
    id=$(printf '%04d' "$(expr "${last%%-*}" + 1 2>/dev/null || echo 1)")-$3
    [ -d "$state/.tmp-$1/release/site" ] || refuse upload-gone
    others=$(foreign "$6" <"$state/.tmp-$1/release/manifest") || exit
    kept=$state/replaced-$1/site
    mv "$state/.tmp-$1/release" "$state/$id" || refuse release-not-moved "$state/$id"
    if ! carry "$2" "$state/$id" "$4"; then
        remove "$id"
        refuse files-not-carried
    fi
    remember "$2"
    if ! keep_foreign; then
        remove "$id"
        bring_back || refuse files-still-kept "$kept"
        refuse files-not-kept "$kept"
    fi
    if ! activate "$id" "$5" "$2"; then
        rm -f "$folder/.current-$$" "$state/.htaccess-$$" "$state/.partial-$$"
        remove "$id"
        # The next publication takes all that is there for ours.
        [ ! -e "$state/.partial" ] || refuse mixed "$folder" "$([ ! -d "$kept" ] || echo "$kept")"
        bring_back || refuse files-still-kept "$kept"
        refuse not-switched
    fi
    echo "$id"
}

restore() { # RELEASE EXPECTED PATTERN BASE [unchecked]
    take_lock
    require_unmoved "$2"
    [ -d "$state/$1/site" ] || refuse no-release "$1"
    bad=$([ "$5" = unchecked ] || bad_sums "$state/$1")
    [ -z "$bad" ] || refuse release-damaged "$1" "$bad"
    # What visitors had a moment ago replaces nothing.
    [ "$5" = unchecked ] || sums "$1" | foreign '' in-the-way || exit
    carry "$2" "$state/$1" "$3" || refuse files-not-carried
    remember "$2"
    activate "$1" "$4" "$2" || refuse not-restored
}

# Give files that a publication has replaced back to the owner.
give_back() { # TOKEN EXPECTED [RELEASE]: withdraw RELEASE, before which there was none
    kept=$state/replaced-$1/site
    [ -d "$kept" ] || return 0
    take_lock
    require_unmoved "$2"
    if [ -n "$3" ]; then
        back=yes
        remove_obsolete
        rm -f "$state/.current"
        remove "$3"
    fi
    bring_back || refuse files-still-kept "$kept"
    echo given
}

discard() { # RELEASE
    take_lock
    [ "$(current)" != "$1" ] || refuse release-is-live "$1"
    remove "$1"
}

prune() { # KEEP
    take_lock
    live=$(current)
    before=$(cat "$state/.previous" 2>/dev/null)
    surplus=$(($(releases | wc -l) - $1))
    for each in $(releases); do
        [ "$surplus" -gt 0 ] || break
        if [ "$each" = "$live" ] || [ "$each" = "$before" ]; then continue; fi
        remove "$each" && echo "$each"
        surplus=$((surplus - 1))
    done
}

damage() { # RELEASE
    bad=$(bad_sums "$state/$1" 2>/dev/null)
    # It may have been removed meanwhile: then it is not damaged.
    [ -d "$state/$1/site" ] || refuse no-release "$1"
    [ -z "$bad" ] || printf '%s\n' "$bad"
}

# --- Test of the server ---------------------------------------------------------------------

rehearse() {
    require_state
    trial=$state/.gone-trial-$$
    trap 'rm -rf "$trial"' EXIT
    mkdir "$trial" "$trial/a" "$trial/b" && echo text >"$trial/a/file" && [ -s "$trial/a/file" ] ||
        refuse nothing-written "$state"
    ln "$trial/a/file" "$trial/b/file" 2>/dev/null && echo "hard links" || echo "no hard links"
    if [ "$mode" = symlink ]; then
        ln -s a "$trial/link" && ln -s b "$trial/new" && put_in_place "$trial/new" "$trial/link" &&
            [ "$(readlink "$trial/link")" = b ] ||
            refuse link-not-replaced
        echo "link switch"
    fi
}

run() {
    command=$1 mode=$2 folder=$3 state=$4 others='' kept='' back=''
    shift 4
    case $command in
        survey | foreign | hold | begin | verify | switch | restore | give_back | discard | prune | damage | rehearse) "$command" "$@" ;;
        *) refuse no-command "$command" ;;
    esac
}

run "$@"
