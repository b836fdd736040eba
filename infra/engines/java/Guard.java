import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Runs the main method of another class while this process holds a lock file: {@code Guard <lock file> <class> <argument>...}.
 * Ends the JVM in order once stdin is closed, so that an engine never outlives the process that started it, even if that
 * process is killed. Ends it with code 1 when the main method throws, because threads that the engine has already started
 * would keep it running.
 */
public final class Guard {
    /** An engine whose parent was killed needs about 2 s to end, longer on a busy machine. */
    private static final long LOCK_TIMEOUT_MS = 20_000;
    private static final long POLL_MS = 100;

    /** Held until the JVM ends: a second broker on the same folder truncates the log of the first one. */
    private static FileLock lock;

    public static void main(String[] args) throws Exception {
        Thread guard = new Thread(() -> {
            try {
                while (System.in.read() >= 0) { }
            } catch (IOException closed) {
                // Same as the end of the stream.
            }
            System.exit(0);
        }, "guard");
        guard.setDaemon(true);
        guard.start();
        lock(Path.of(args[0]));
        try {
            String[] rest = Arrays.copyOfRange(args, 2, args.length);
            Class.forName(args[1]).getMethod("main", String[].class).invoke(null, (Object) rest);
        } catch (InvocationTargetException failed) {
            failed.getCause().printStackTrace();
            System.exit(1);
        }
    }

    private static void lock(Path file) throws IOException, InterruptedException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        long deadline = System.currentTimeMillis() + LOCK_TIMEOUT_MS;
        for (lock = channel.tryLock(); lock == null; lock = channel.tryLock()) {
            if (System.currentTimeMillis() > deadline) {
                System.err.println("Another process uses the folder " + file.getParent());
                System.exit(1);
            }
            Thread.sleep(POLL_MS);
        }
    }
}
