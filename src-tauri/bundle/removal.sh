#!/bin/sh
# Before the files go with dpkg, which gives a word, and after they went with rpm, which gives the number of versions that are left.
# Never after with dpkg: it keeps a script for that, and so a trace of a package that has nothing else to keep.
case $1 in
    # rpm leaves the folders that only we filled.
    0) find /usr/lib/frontdesk /usr/share/doc/frontdesk -depth -type d -empty -delete 2>/dev/null ;;
    remove) ;;
    *) exit 0 ;;
esac
echo "Frontdesk is removed. Calls, settings and downloaded files stay with each person who used it: in .local/share/frontdesk,"
echo ".config/frontdesk and .cache/frontdesk of the home folder."
