# select, fcntl, termios, resource, pwd, grp: results and messages.
import os, select, signal, sys, time

r,w=os.pipe()
print(select.select([r],[w],[],0)==([],[w],[]), select.select([r],[],[],0.01))
p=select.poll(); p.register(r,select.POLLIN); print(p.poll(10)); os.write(w,b'x'); print(p.poll()==[(r,1)])
for f in [lambda: p.modify(99,1), lambda:p.unregister(98), lambda: p.register(r,-1), lambda: p.register(r, 70000), lambda:p.poll('x'), lambda: select.select([],[],[],-1), lambda: select.select(1,2,3), lambda: select.select(['x'],[],[]), lambda: select.select([],[],[],'a'), lambda: select.epoll(0), lambda: select.epoll(flags=3), lambda:p.poll(float('nan'))]:
    try: print(f())
    except Exception as e: print(type(e).__name__,e)
with select.epoll() as e:
    e.register(r, select.EPOLLIN); print(e.poll(1)==[(r,1)], e.closed)
    for f in [lambda: e.register(r,1), lambda: e.poll(maxevents=0), lambda: e.unregister(w), lambda: e.poll('x')]:
        try: print(f())
        except Exception as x: print(type(x).__name__,x)
try: e.poll()
except ValueError as x: print(x)
signal.signal(signal.SIGALRM, lambda *a: print('alarm'))
signal.setitimer(signal.ITIMER_REAL,0.05)
t=time.monotonic(); select.select([],[],[],0.2); print(time.monotonic()-t>=0.2)
import resource, fcntl, pwd, grp, termios, syslog
print(resource.getrlimit(resource.RLIMIT_NOFILE), resource.getrusage(0)._fields if 0 else '', len(resource.getrusage(resource.RUSAGE_SELF)))
for f in [lambda: resource.setrlimit(3,(5,)), lambda: resource.getrlimit(99), lambda: resource.setrlimit(resource.RLIMIT_NOFILE,(10**6,10)), lambda: fcntl.fcntl(-1,1), lambda: fcntl.fcntl(999,1), lambda: pwd.getpwnam('nope'), lambda: pwd.getpwuid(987654), lambda: grp.getgrgid(987654), lambda: grp.getgrnam('x\0'), lambda: termios.tcgetattr(r), lambda: termios.tcsetattr(0,0,[1]), lambda: pwd.getpwuid('a'), lambda: fcntl.lockf(r,99), lambda: pwd.getpwuid(-1)]:
    try: print(f())
    except Exception as x: print(type(x).__name__,x)
print(pwd.getpwuid(0), grp.getgrgid(0), len(pwd.getpwall())>3, fcntl.fcntl(r,fcntl.F_GETFL), fcntl.fcntl(r,fcntl.F_GETFD))
m,s=os.openpty(); a=termios.tcgetattr(s); print([type(x).__name__ for x in a],len(a[6])); a[3]&=~termios.ICANON; termios.tcsetattr(s,termios.TCSANOW,a); print(termios.tcgetattr(s)[6][:8]); termios.tcsetwinsize(s,(10,20)); print(termios.tcgetwinsize(s), os.get_terminal_size(s), os.ttyname(s)[:8])
b=bytearray(8); print(fcntl.ioctl(s,termios.TIOCGWINSZ,b), b, fcntl.ioctl(s,termios.TIOCGWINSZ,b'\0'*8))
sys.stdout.flush()
print(os.posix_spawn('/bin/sh',['sh','-c','echo spawned'],os.environ,file_actions=[(os.POSIX_SPAWN_DUP2,1,2)],setsigmask=[signal.SIGTERM])>0); print(os.wait()[1])
