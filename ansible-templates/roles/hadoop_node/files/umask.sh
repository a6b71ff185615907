# Ambari wants files that it writes to be readable for the services: what /etc/login.defs says differs from system to system.
umask 022
