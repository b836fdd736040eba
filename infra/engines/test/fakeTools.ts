import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from './atEndOfFile.js';

/** Small programs in place of a JDK, Maven and Go, so that tests without engines see every way an installation and a start can go. */
export interface FakeTools {
  /** Variables under which the fake programs are found. */
  env: { PATH: string; JAVA_HOME: string; ENGINES_CACHE: string };
  /** Replaces `mvn` or `go` by a shell script, or what `java` runs by JavaScript. */
  write(name: 'mvn' | 'go' | 'java', script: string): Promise<void>;
  /** The version that `java -version` prints. */
  setJavaVersion(version: string): Promise<void>;
  /** How often a program was run. */
  runs(name: 'mvn' | 'go'): Promise<number>;
}

/** Fake programs that do as little as the real ones must. */
export const fakeTools = async (): Promise<FakeTools> => {
  const folder = await temporaryFolder('ums-fake-tools-');
  const bin = join(folder, 'bin');
  await mkdir(bin);
  const shell = async (name: string, script: string): Promise<void> => {
    await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(bin, name), 0o755);
  };
  const javaScript = join(folder, 'java.cjs');
  const tools: FakeTools = {
    env: { PATH: bin, JAVA_HOME: '', ENGINES_CACHE: join(folder, 'cache') },
    write: (name, script) =>
      name === 'java'
        ? writeFile(javaScript, script)
        : shell(name, `printf . >> ${join(folder, name)}\n${OUTPUT_FOLDER}\n${script}`),
    setJavaVersion: (version) =>
      shell(
        'java',
        `[ "$1" = -version ] && { echo 'openjdk version "${version}"' >&2; exit; }
         exec ${process.execPath} ${javaScript} "$@"`,
      ),
    runs: async (name) => (await readFile(join(folder, name), 'utf8').catch(() => '')).length,
  };
  await shell('javac', 'while [ "$1" != -d ]; do shift; done; /bin/mkdir "$2"');
  await shell('jar', ': > "$2"');
  await tools.setJavaVersion('17.0.15');
  await tools.write('java', FAKE_JAVA);
  await tools.write('mvn', '/bin/mkdir "$lib"; : > "$lib/engine.jar"; echo Downloaded from somewhere: engine.jar');
  await tools.write('go', fakeGo(FAKE_GATEWAY));
  return tools;
};

/** Sets `lib` to the folder for the jars of Maven. */
const OUTPUT_FOLDER = `for arg; do case "$arg" in -DoutputDirectory=*) lib="\${arg#*=}";; esac; done`;

/** Serves as Kafka's format tool, as a broker that only says it has started, and as an OpenSearch node. */
export const FAKE_JAVA = `
const fs = require('node:fs');
const args = process.argv.slice(2);
const value = (name) => args.find((arg) => arg.startsWith(name + '='))?.slice(name.length + 1);
if (args.includes('kafka.tools.StorageTool')) {
  if (!value('--cluster-id')) process.exit(1);
  const data = /^log\\.dirs=(.*)$/m.exec(fs.readFileSync(args.at(-1), 'utf8'))[1];
  fs.mkdirSync(data);
  fs.writeFileSync(data + '/meta.properties', '');
} else {
  const end = () => {
    const archive = value('-XX:ArchiveClassesAtExit');
    if (archive) fs.writeFileSync(archive, '');
    process.exit(0);
  };
  process.on('SIGTERM', end);
  process.stdin.on('end', end).resume();
  console.log('Kafka Server started');
  const port = value('http.port');
  if (port) require('node:http').createServer((_, answer) => answer.end('{}')).listen(port, '127.0.0.1');
}
`;

/** A script for `go` that installs a versitygw which runs this JavaScript. */
export const fakeGo = (gateway: string): string => `
/bin/cat > "$GOBIN/versitygw.cjs" <<'END'
${gateway}
END
printf '#!/bin/sh\\nexec ${process.execPath} "$0.cjs" "$@"\\n' > "$GOBIN/versitygw"
/bin/chmod 755 "$GOBIN/versitygw"`;

/** Serves as a gateway that answers every request with success. */
export const FAKE_GATEWAY = `
const args = process.argv.slice(2);
const [host, port] = args[args.indexOf('--port') + 1].split(':');
process.on('SIGTERM', () => process.exit(0));
const health = args[args.indexOf('--health') + 1];
require('node:http').createServer(({ url }, answer) => {
  if (url.startsWith('/health') && url !== health) answer.statusCode = 404;
  answer.end('OK');
}).listen(port, host);
`;
