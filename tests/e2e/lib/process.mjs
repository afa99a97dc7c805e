// What a process holds, as the kernel counts it.
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';

/** Returns the resident memory in bytes. */
export async function residentBytes(pid) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    return Number(status.match(/^VmRSS:\s+(\d+) kB$/m)[1]) * 1024;
}

/**
 * Throws if the process holds more than `most` bytes more than before, when it held `memory`. A sanitizer keeps what is
 * freed, to notice who uses it all the same, so its build proves nothing here.
 */
export async function assertGrowth(pid, memory, most, what) {
    const grown = await residentBytes(pid) - memory;
    assert.ok(process.env.DELTA_SANITIZE || grown < most, `${grown} bytes ${what}`);
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
