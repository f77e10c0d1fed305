# SPDX-License-Identifier: LGPL-2.1-or-later
"""A guest machine with devices that a test can pull: QEMU, Debian's own kernel with its test drivers, and this machine's file
system, so that what was built here runs there. What the guest changes of it stays in the guest, but for one folder that both
write to.

The kernel is that of an installed linux-image-amd64, or else one that `./dev test` has fetched and unpacked (build/guest). Where KVM is
not to be had the guest is emulated; RTC_GUEST_ACCEL=tcg asks for that.
"""

import os
import pathlib
import platform
import shlex
import shutil
import subprocess
import tempfile

from program import skip

BOOT_MODULES = ("virtio_pci", "9pnet_virtio", "9p", "overlay")
SHARE, KERNEL = pathlib.Path("/guest/share"), pathlib.Path("/guest/kernel")  # where they are in the guest
BOOT_TIME = 20  # seconds; an accelerated guest takes two
KVM = ["-accel", "kvm", "-smp", "2", "-cpu", "host,arch-capabilities=off"]
# An emulated guest's clock counts its instructions: it is as slow as its processor, and what is due in time gets done in time.
TCG = ["-accel", "tcg,thread=single", "-icount", "shift=0,sleep=on", "-smp", "1", "-cpu", "max"]

INIT = """#!/bin/busybox sh
/bin/busybox --install -s /bin
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev
for module in virtio_pci 9pnet_virtio 9p overlay; do modprobe $module; done
folder() { mkdir -p $2; mount -t 9p -o trans=virtio,version=9p2000.L,msize=262144,$3 $1 $2; }
folder host /host ro,cache=loose
mkdir /changes /r; mount -t tmpfs changes /changes; mkdir /changes/new /changes/work
mount -t overlay -o lowerdir=/host,upperdir=/changes/new,workdir=/changes/work root /r
for fs in "tmpfs run" "proc proc" "sysfs sys" "devtmpfs dev"; do set -- $fs; mount -t $1 $1 /r/$2; done
mkdir /r/dev/shm
folder kernel /r/guest/kernel ro,cache=loose; folder share /r/guest/share rw
exec switch_root /r /bin/sh -c "/bin/sh /guest/share/command >/guest/share/output 2>&1
echo \\$? >/guest/share/status; sync
echo o >/proc/sysrq-trigger; sleep 10"
"""


def tool(name):
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    return found or skip(f"{name} is not installed")


def kernel(fetched):
    """The folder with boot/ and lib/modules/, and the version in it that has the test drivers."""
    for root in (pathlib.Path("/"), fetched):
        for module in sorted(root.glob("lib/modules/*/kernel/drivers/media/test-drivers/vivid/vivid.ko*"), reverse=True):
            version = module.relative_to(root / "lib/modules").parts[0]
            if os.access(root / f"boot/vmlinuz-{version}", os.R_OK):
                return root, version
    return skip("no kernel with the vivid driver is installed, and `./dev test` has fetched none")


def accelerations():
    """What to try, in this order."""
    wanted = os.environ.get("RTC_GUEST_ACCEL", "kvm" if os.access("/dev/kvm", os.R_OK | os.W_OK) else "tcg")
    return [TCG] if wanted == "tcg" else [KVM, TCG]


def initrd(root, version, folder):
    """What the guest boots with: busybox, and the modules that it takes to reach this machine's file system."""
    tree = folder / "initrd"
    modules = tree / "lib/modules" / version
    for path in (tree / "bin", tree / "proc", tree / "sys", tree / "dev", modules):
        path.mkdir(parents=True)
    shutil.copy(tool("busybox"), tree / "bin")
    for module in BOOT_MODULES:
        listing = subprocess.run(
            [tool("modprobe"), "-d", root, "-S", version, "--show-depends", module], capture_output=True, text=True, check=True
        )
        for path in (pathlib.Path(line.split()[1]) for line in listing.stdout.splitlines() if line.startswith("insmod")):
            target = tree / path.relative_to(root)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    for index in (root / "lib/modules" / version).glob("modules.*"):
        shutil.copy(index, modules)
    init = tree / "init"
    init.write_text(INIT)
    init.chmod(0o755)
    archive = folder / "initrd.img"
    names = "\n".join(str(path.relative_to(tree)) for path in sorted(tree.rglob("*")))
    with archive.open("wb") as out:
        subprocess.run([tool("cpio"), "-o", "-H", "newc", "--quiet"], cwd=tree, input=names.encode(), stdout=out, check=True)
    return archive


def shared_folder(tag, path, options=""):
    return [
        "-fsdev", f"local,id={tag},path={path},security_model=none,multidevs=remap{options}",
        "-device", f"virtio-9p-pci,fsdev={tag},mount_tag={tag}",
    ]  # fmt: skip


def has_ended(process, seconds):
    try:
        process.wait(seconds)
        return True
    except subprocess.TimeoutExpired:
        return False


def run(command, share, fetched, seconds):
    """Runs a command in the guest; gives its status, or None when it did not end in time, and what it said."""
    if platform.machine() != "x86_64":
        skip("the guest is an x86-64 machine")
    qemu = tool("qemu-system-x86_64")
    root, version = kernel(fetched)
    (share / "command").write_text(" ".join(shlex.quote(str(word)) for word in command))
    output, status = share / "output", share / "status"
    with tempfile.TemporaryDirectory() as scratch, tempfile.TemporaryFile() as console:
        machine = [
            "-m", "1024", "-nographic", "-no-reboot", "-nic", "none",
            "-kernel", root / f"boot/vmlinuz-{version}", "-initrd", initrd(root, version, pathlib.Path(scratch)),
            "-append", "console=ttyS0 quiet rdinit=/init panic=-1 mitigations=off",
            *shared_folder("host", "/", ",readonly=on"), *shared_folder("kernel", root, ",readonly=on"), *shared_folder("share", share),
        ]  # fmt: skip
        for words in accelerations():
            with subprocess.Popen([qemu, *words, *machine], stdin=subprocess.DEVNULL, stdout=console, stderr=console) as process:
                # There are machines within machines whose KVM begins, and gets nowhere.
                boots = not has_ended(process, BOOT_TIME) and output.exists()
                if boots or words != KVM:
                    has_ended(process, seconds)
                process.kill()
            if output.exists():
                break
        console.seek(0)
        said = output.read_bytes() if output.exists() else console.read()[-2000:]
    return (int(status.read_text()) if status.exists() else None), said.decode(errors="replace")
