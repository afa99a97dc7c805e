// What a process holds, as the kernel counts it.
import { readdir, readFile } from 'node:fs/promises';

/** Returns the resident memory in bytes. */
export async function residentBytes(pid) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    return Number(status.match(/^VmRSS:\s+(\d+) kB$/m)[1]) * 1024;
}

/** Returns how many descriptors are open. */
export async function openFiles(pid) {
    return (await readdir(`/proc/${pid}/fd`)).length;
}

/** Does `work` for every item, at most `width` of them at a time. */
export async function inParallel(items, width, work) {
    const rest = items.entries();
    await Promise.all(Array.from({ length: width }, async () => {
        for (const [index, item] of rest) await work(item, index);
    }));
}
