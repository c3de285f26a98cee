#!/bin/sh
# in-bare-system.sh FOLDER USER COMMAND…: starts a command in the system that lies in FOLDER, with its own processes and mounts, which end
# with it. Of this machine's variables only those go in that name the display and that steer the window from outside.
system=$1
user=$2
shift 2
for name in $(env | sed -n 's/^\([A-Za-z0-9_]*\)=.*/\1/p'); do
    case $name in
        DISPLAY | WEBKIT_* | TAURI_*) ;;
        *) unset "$name" ;;
    esac
done
home=/home/$user
[ "$user" = root ] && home=/root
export HOME="$home" USER="$user" XDG_RUNTIME_DIR="$home/run" LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
exec unshare --mount --pid --fork --kill-child --mount-proc="$system/proc" \
    chroot --userspec="$user:$user" "$system" "$@"
