# posix: calls, results, messages; fork with functions around it.
import os,posix,stat
n=[n for n in dir(posix)]
d='/tmp/os_t1_%d'%os.getpid(); os.mkdir(d,0o700)
print(os.stat(d).st_mode, os.sched_getaffinity(0)!=set())
p=os.path.join(d,'a')
fd=os.open(p,os.O_CREAT|os.O_RDWR)
print(os.pwritev(fd,[b'abc',b'def'],0), os.pread(fd,10,1)); b=bytearray(3); print(os.preadv(fd,[b],2),b)
os.close(fd)
print([e.name for e in os.scandir(d)], os.listdir(d))
for call in [lambda: os.open('/nope',0), lambda: os.rename('/nope','/x'), lambda: os.stat(1.5), lambda: os.stat('a\0b'), lambda: os.stat(99,dir_fd=3), lambda:os.chown(d,'x',1), lambda: os.listdir(1.5), lambda: os.execv('/bin/true',[]), lambda: os.execve('/bin/true',[''],{}), lambda: os.utime(d,(1,),ns=(1,2)), lambda: os.utime(d,(1,)), lambda: os.lseek('x',0,0), lambda: os.fsync(-1), lambda: os.fsync('x'), lambda: os.open(d,0), lambda: os.sched_setaffinity(0,[-1]), lambda: os.getpgid(2**40), lambda: os.sysconf('x'), lambda: os.posix_spawn('/nope',['a'],{}), lambda: os.symlink(d,d), lambda: os.readlink(d), lambda: os.mkdir(d), lambda: os.access(d), lambda: os.dup(999), lambda:os.unlink(5), lambda: os.writev(1,5), lambda: os.getxattr(d,'user.q'), lambda: os.register_at_fork(), lambda:os.register_at_fork(before=1), lambda:os.waitstatus_to_exitcode(0x137f), lambda: os.fspath(3), lambda: os.eventfd(-1), lambda: os.putenv('a=b','c')]:
    try: print(str(call()).replace(d,'D'))
    except Exception as e: print(type(e).__name__, str(e).replace(d,'D'))
print(os.waitstatus_to_exitcode(os.waitpid(os.posix_spawn('/bin/sh',['sh','-c','exit 3'],os.environ),0)[1]))
# The parent prints when the child has.
reader,writer=os.pipe()
os.register_at_fork(before=lambda:print('b1',flush=True),after_in_child=lambda:(print('c1',flush=True),os.write(writer,b'x')),after_in_parent=lambda:(os.read(reader,1),print('p1',flush=True)))
import sys
sys.stdout.flush()
pid=os.fork()
if pid==0: os._exit(4)
print(os.wait4(pid,0)[1]) if pid else 0
print(os.sched_param(3), os.statvfs('/').f_namemax, os.times()._fields if hasattr(os.times(),'_fields') else len(os.times()))
os.setxattr(p,'user.q',b'v'); print(os.getxattr(p,'user.q'), os.listxattr(p))
for x in ['/a/../..//b','..','a/..','./','//a','///a','../a/..','/..','', 'a/b/../../..']: print(os.path.normpath(x))
print(list(os.walk(d))[0][2], [x[2] for x in os.fwalk(d)], os.pathconf('/', 'PC_NAME_MAX'), os.confstr('CS_PATH'))
print(os.uname()[0],os.get_exec_path() != [], os.cpu_count(), os.getrandom(3)!=b'', os.major(os.makedev(8,1)))
os.unlink(p); os.rmdir(d); print(os.path.exists(d)); print(os.supports_follow_symlinks=={os.stat,os.access,os.chown,os.utime,os.link} , len(os.supports_fd), len(os.supports_dir_fd))
