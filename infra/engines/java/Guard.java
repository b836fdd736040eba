import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;

/**
 * Runs the main method of another class: {@code Guard <class> <argument>...}. Ends the JVM in order once stdin is closed,
 * so that an engine never outlives the process that started it, even if that process is killed. Ends it with code 1 when
 * the main method throws, because threads that the engine has already started would keep it running.
 */
public final class Guard {
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
        try {
            String[] rest = Arrays.copyOfRange(args, 1, args.length);
            Class.forName(args[0]).getMethod("main", String[].class).invoke(null, (Object) rest);
        } catch (InvocationTargetException failed) {
            failed.getCause().printStackTrace();
            System.exit(1);
        }
    }
}
