import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.plugins.Plugin;

/**
 * Starts an OpenSearch node from the jars on the class path: {@code OpenSearchNode <home> [plugin:<class> | <setting>=<value>]...}.
 * The usual launcher needs the distribution archive, which Maven does not serve, and refuses to run as root.
 */
public final class OpenSearchNode extends Node {
    private OpenSearchNode(Environment environment, Collection<Class<? extends Plugin>> plugins) {
        super(environment, plugins, false);
    }

    public static void main(String[] args) throws Exception {
        Path home = Path.of(args[0]).toAbsolutePath();
        for (String folder : List.of("config", "plugins", "modules")) Files.createDirectories(home.resolve(folder));
        Settings.Builder settings = Settings.builder().put("path.home", home.toString());
        List<Class<? extends Plugin>> plugins = new ArrayList<>();
        for (String arg : List.of(args).subList(1, args.length)) {
            if (arg.startsWith("plugin:")) {
                plugins.add(Class.forName(arg.substring("plugin:".length())).asSubclass(Plugin.class));
            } else {
                int equals = arg.indexOf('=');
                settings.put(arg.substring(0, equals), arg.substring(equals + 1));
            }
        }
        Environment environment = InternalSettingsPreparer.prepareEnvironment(
                settings.build(), Map.of(), home.resolve("config"), () -> "local");
        OpenSearchNode node = new OpenSearchNode(environment, plugins);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                node.close();
            } catch (IOException failed) {
                failed.printStackTrace();
            }
        }));
        node.start();
        new CountDownLatch(1).await();
    }
}
