import { Worker } from 'node:worker_threads';

/** Does the tasks on several threads; the results come in the order of the tasks, whoever was first. */
export async function runAll<Task, Done>(
  script: URL,
  tasks: readonly Task[],
  threads: number,
  progress: (done: number) => void,
): Promise<readonly Done[]> {
  const results = new Map<number, Done>();
  let next = 0;
  const serve = () =>
    new Promise<void>((resolve, reject) => {
      const worker = new Worker(script);
      let current = 0;
      const give = () => {
        current = next;
        next += 1;
        if (current < tasks.length) worker.postMessage(tasks[current]);
        else void worker.terminate().then(() => resolve());
      };
      worker.on('error', reject);
      worker.on('message', (done: Done) => {
        results.set(current, done);
        progress(results.size);
        give();
      });
      give();
    });
  await Promise.all(Array.from({ length: threads }, serve));
  return tasks.map((_, index) => results.get(index)!);
}
