/**
 * The machine as a function sees it: one of Lambda's, never the one it runs on. The user, its ids
 * and its home are those that AWS's image has (public.ecr.aws/lambda/nodejs:22, read 2026-11).
 * @module
 */
import process from "node:process";

const USER = { uid: 993, gid: 990, username: "sbx_user1051", homedir: "/home/sbx_user1051" };
const HOST_NAME = "169.254.100.1";
const KERNEL = "5.10.240-254.879.amzn2.x86_64";
const MIB = 1024 * 1024;
/** A function has one full vCPU at 1,769 MB. https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const MB_PER_CPU = 1_769;

const LOOPBACK = {
  lo: [{
    address: "127.0.0.1",
    netmask: "255.0.0.0",
    family: "IPv4",
    mac: "00:00:00:00:00:00",
    internal: true,
    cidr: "127.0.0.1/8",
  }],
};

/** What replaces functions of `node:os`. */
export function hostFunctions(memorySizeMB) {
  const cpus = Math.max(2, Math.ceil(memorySizeMB / MB_PER_CPU));
  const used = () => process.memoryUsage().rss;
  const cpu = () => ({
    model: "Intel(R) Xeon(R) Processor @ 2.50GHz",
    speed: 2500,
    times: { user: 0, nice: 0, sys: 0, idle: 0, irq: 0 },
  });
  return {
    userInfo: () => ({ ...USER, shell: "/sbin/nologin" }),
    hostname: () => HOST_NAME,
    homedir: () => USER.homedir,
    tmpdir: () => process.env.TMPDIR ?? "/tmp",
    cpus: () => Array.from({ length: cpus }, cpu),
    availableParallelism: () => cpus,
    networkInterfaces: () => structuredClone(LOOPBACK),
    release: () => KERNEL,
    version: () => "#1 SMP",
    loadavg: () => [0, 0, 0],
    uptime: () => process.uptime(),
    totalmem: () => memorySizeMB * MIB,
    freemem: () => Math.max(0, memorySizeMB * MIB - used()),
    getPriority: () => 0,
  };
}

/** What replaces functions of `process` that tell of the user and the machine's memory. */
export function userFunctions(memorySizeMB) {
  const { uid, gid } = USER;
  return {
    getuid: () => uid,
    geteuid: () => uid,
    getgid: () => gid,
    getegid: () => gid,
    getgroups: () => [gid],
    umask: () => 0o022,
    constrainedMemory: () => memorySizeMB * MIB,
    availableMemory: () => Math.max(0, memorySizeMB * MIB - process.memoryUsage().rss),
  };
}
