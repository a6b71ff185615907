#!/bin/sh
# Turns the fresh Debian root file system in $1 into a server's disk. Run by mmdebstrap on the outer machine.
set -eu
root=$1
here=$(cd "$(dirname "$0")" && pwd)

# The clone may belong to anybody and have any umask; a server's files belong to root.
tar -C "$here/rootfs" --owner=0 --group=0 --mode=u=rwX,go=rX -c . | tar -C "$root" -x

# Nothing of the outer machine stays: not its package sources, not its apt configuration.
rm -f "$root/etc/apt/sources.list" "$root/etc/apt/apt.conf.d/99mmdebstrap"
rm -rf "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/*.bin
find "$root/etc/apt/sources.list.d" -type f ! -name platform.sources -delete

# Each server gets its own identity at its first boot.
rm -f "$root"/etc/ssh/ssh_host_*_key* "$root/etc/hostname" "$root/etc/resolv.conf" "$root/etc/hosts"
: >"$root/etc/machine-id"
rm -f "$root/var/lib/dbus/machine-id"

chroot "$root" systemctl enable platform-early.service platform-host-keys.service platform-init.service ssh.service cron.service
# /dev of a privileged container shows the outer machine's terminals: no login prompt may start on them.
chroot "$root" systemctl mask getty@.service serial-getty@.service console-getty.service container-getty@.service getty.target
# Block devices come from the platform's table instead.
chroot "$root" systemctl mask systemd-udevd.service systemd-udevd-kernel.socket systemd-udevd-control.socket systemd-udev-trigger.service
# These would change the outer machine's kernel: its binary formats, its modules.
chroot "$root" systemctl mask systemd-binfmt.service systemd-modules-load.service
