"""A Slurm of one node for tests: its own configuration, keys and ports, from Debian's packages, without systemd."""

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "squeue", "scontrol")
CONFIGURATION = """\
ClusterName=thuis
SlurmctldHost={host}(127.0.0.1)
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CredType=cred/munge
SlurmUser=root
SlurmdUser=root
SlurmctldPort={control}
SlurmdPort={node}
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MpiDefault=none
ReturnToService=2
SwitchType=switch/none
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
KillWait=1
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} State=UNKNOWN
PartitionName=test Nodes={host} Default=YES MaxTime=INFINITE State=UP OverSubscribe=FORCE:4
"""


def missing() -> str | None:
    """Why no Slurm can be started here, or None."""
    if os.geteuid() != 0:
        return "only root can start a Slurm"
    absent = [name for name in PROGRAMS if shutil.which(name) is None]
    return f"no {', '.join(absent)} (Debian: slurm-wlm, munge)" if absent else None


def free_port() -> int:
    """A port nobody uses."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class SlurmNode:
    """A running Slurm; `environment` makes its commands find it.

    Parameters
    ----------
    place : Path
        A short path: the socket's name may not be long.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.running = folder, []  # type: ignore[var-annotated]
        for name in ("state", "spool"):
            (folder / name).mkdir()
        folder.chmod(0o755)
        self.environment = {"SLURM_CONF": str(folder / "slurm.conf")}
        key = folder / "munge.key"
        key.write_bytes(os.urandom(128))
        key.chmod(0o400)
        host = socket.gethostname().split(".")[0]
        text = CONFIGURATION.format(
            folder=folder, host=host, control=free_port(), node=free_port(), cpus=os.cpu_count()
        )
        (folder / "slurm.conf").write_text(text)
        self.begin(
            "munged",
            "--foreground",
            "--force",
            f"--socket={folder}/munge.socket",
            f"--key-file={key}",
            f"--pid-file={folder}/munge.pid",
            f"--log-file={folder}/munge.log",
            f"--seed-file={folder}/munge.seed",
        )
        time.sleep(0.5)
        self.begin("slurmctld", "-D", "-i")
        self.begin("slurmd", "-D", "-N", host)
        self.wait()

    def begin(self, *words: str) -> None:
        """Start one of its programs."""
        log = (self.folder / f"{words[0]}.out").open("wb")
        self.running.append(subprocess.Popen(words, env=os.environ | self.environment, stdout=log, stderr=log))

    def wait(self, seconds: float = 30) -> None:
        """Until the node takes jobs."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            listed = subprocess.run(
                ["sinfo", "--noheader", "--format=%T"],
                env=os.environ | self.environment,
                capture_output=True,
                text=True,
            )
            if "idle" in listed.stdout:
                return
            time.sleep(0.3)
        self.end()
        raise RuntimeError(f"Slurm did not come up: {listed.stdout}{listed.stderr}; see {self.folder}/*.log")

    def end(self) -> None:
        """Stop its programs, the last first."""
        for process in reversed(self.running):
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
