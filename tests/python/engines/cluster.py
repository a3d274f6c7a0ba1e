"""Spark on this machine as a cluster: a standalone master, and two workers with a core each."""

import os
import pathlib
import signal
import socket
import subprocess
import sys
import time

import pyspark


class Cluster:
    def __init__(self, folder):
        with socket.socket() as free:
            free.bind(('127.0.0.1', 0))
            port = free.getsockname()[1]
        self.master = f'spark://127.0.0.1:{port}'
        self._folder = folder
        home = os.path.dirname(pyspark.__file__)
        os.environ.update(SPARK_HOME=home, SPARK_LOCAL_IP='127.0.0.1', PYSPARK_PYTHON=sys.executable,
                          SPARK_LOCAL_DIRS=folder, SPARK_WORKER_DIR=folder)
        self._processes = [self._start('master.Master', '--port', str(port))]
        self._wait_for(port)
        self._processes += [self._start('worker.Worker', '--cores', '1', '--memory', '3g', self.master) for _ in '12']

    def _start(self, name, *arguments):
        program = os.path.join(os.environ['SPARK_HOME'], 'bin/spark-class')
        with open(os.path.join(self._folder, name + '.log'), 'ab') as log:
            return subprocess.Popen([program, 'org.apache.spark.deploy.' + name, '--host', '127.0.0.1',
                                     '--webui-port', '0', *arguments], stdout=log, stderr=log)

    @staticmethod
    def _wait_for(port):
        for _ in range(600):
            try:
                socket.create_connection(('127.0.0.1', port)).close()
                return
            except OSError:
                time.sleep(0.1)
        raise TimeoutError('no master of Spark')

    def session(self):
        from pyspark.sql import SparkSession
        settings = {'spark.sql.session.timeZone': 'UTC', 'spark.ui.enabled': 'false', 'spark.executor.memory': '2g',
                    'spark.driver.memory': '2g', 'spark.sql.shuffle.partitions': '4', 'spark.driver.host': '127.0.0.1',
                    'spark.ui.showConsoleProgress': 'false', 'spark.sql.warehouse.dir': self._folder}
        builder = SparkSession.builder.master(self.master)
        for name, value in settings.items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
        session.sparkContext.setLogLevel('OFF')
        return session

    def kill_an_executor(self):
        """As when its machine fails. Returns whether there was one."""
        workers = {process.pid for process in self._processes[1:]}
        for process, status in self._statuses().items():
            if int(status[1]) in workers:
                os.kill(process, signal.SIGKILL)
                return True
        return False

    def processor_seconds(self):
        """What the workers, and all processes that they started, have used so far."""
        found, statuses = {process.pid for process in self._processes[1:]}, self._statuses()
        size = 0
        while len(found) > size:
            size = len(found)
            found |= {process for process, status in statuses.items() if int(status[1]) in found}
        # In the user's and the system's mode, by the process itself, and by its children that have ended.
        ticks = sum(sum(map(int, statuses[process][11:15])) for process in found if process in statuses)
        return ticks / os.sysconf('SC_CLK_TCK')

    @staticmethod
    def _statuses():
        """The fields of each process on this machine after its name, by number."""
        statuses = {}
        for file in pathlib.Path('/proc').glob('[0-9]*/stat'):
            try:
                statuses[int(file.parent.name)] = file.read_text().rpartition(')')[2].split()
            except OSError:
                pass  # it has ended
        return statuses

    def stop(self):
        for process in reversed(self._processes):
            process.terminate()
        for process in self._processes:
            process.wait()
