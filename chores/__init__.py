"""The chores: everything `make` can do, in the standard library alone.

__main__     the verbs, and how a failure is told
console      what is said to the person at the terminal
places       where things are kept, and what is remembered between runs
environment  .venv, made from the locks
processes    starting children, and leaving none behind
reaper       outlives a killed supervisor by the seconds it takes to end its children
postgres     the embedded database
broker       the embedded queue
servers      which database and broker to use: yours, or the embedded ones
browser      Chromium for the browser's tests
running      make run
proving      make test, make check, make bench
keeping      make setup, make lock, make messages, make clean
"""
