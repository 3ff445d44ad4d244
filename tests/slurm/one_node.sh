#!/bin/sh
# Run a command beside a Slurm cluster of one node, on loopback.
#
# usage: tests/slurm/one_node.sh COMMAND...
#
# Needs root, and Debian's slurm-wlm and munge. The daemons run in a process namespace of
# their own, so that they end with the command, however that ends; what they are told and
# write lies in memory, where this command and they alone have /run and /etc/slurm.
set -eu

stop() {
    echo "one_node: $*" >&2
    exit 1
}

PATH="$PATH:/usr/sbin:/sbin"
if [ "${1:-}" != --inside ]; then
    for program in munged slurmctld slurmd srun sbatch squeue scontrol; do
        command -v $program >/dev/null ||
            stop "found no $program; run \`apt-get install slurm-wlm munge\` as root"
    done
    [ "$(id -u)" = 0 ] || stop "Slurm's daemons are started by root; run this as root"
    unshare --mount --pid --fork true ||
        stop "may make no namespaces; run where root may \`unshare --mount --pid\`"
    exec unshare --mount --pid --fork --kill-child --mount-proc "$0" --inside "$@"
fi

shift
run=/run/als-decline-slurm
mount -t tmpfs -o mode=755 none /run
mkdir -p /etc/slurm $run/state $run/spool
mount -t tmpfs -o mode=755 none /etc/slurm
head -c 1024 /dev/urandom >$run/munge.key
chmod 400 $run/munge.key
munged --key-file=$run/munge.key --socket=$run/munge.socket --pid-file=$run/munged.pid \
    --log-file=$run/munged.log --seed-file=$run/munged.seed

# More processors are told of than there may be, for several jobs to run at once. The
# file is where srun looks by itself: SLURM_CONF does not reach it from within a job.
cat >/etc/slurm/slurm.conf <<CONFIGURATION
ClusterName=onenode
SlurmctldHost=localhost(127.0.0.1)
SlurmUser=root
AuthInfo=socket=$run/munge.socket
SlurmctldPort=26817
SlurmdPort=26818
SlurmctldPidFile=$run/slurmctld.pid
SlurmdPidFile=$run/slurmd.pid
SlurmctldLogFile=$run/slurmctld.log
SlurmdLogFile=$run/slurmd.log
StateSaveLocation=$run/state
SlurmdSpoolDir=$run/spool
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SwitchType=switch/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MailProg=/bin/true
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SchedulerType=sched/builtin
SchedulerParameters=batch_sched_delay=0,sched_interval=1
SlurmdParameters=config_overrides
MinJobAge=3600
NodeName=localhost NodeAddr=127.0.0.1 CPUs=4 RealMemory=16000
PartitionName=test Nodes=localhost Default=YES MaxTime=INFINITE State=UP
CONFIGURATION

is_up() {
    sinfo --noheader --format=%T 2>/dev/null | grep -q idle
}

slurmctld
slurmd -N localhost
for _ in $(seq 100); do
    is_up && break
    sleep 0.1
done
is_up || {
    tail -n 20 $run/*.log >&2
    stop "the cluster does not start"
}
status=0
"$@" || status=$?
[ $status = 0 ] || tail -n 20 $run/slurm*.log >&2
exit $status
