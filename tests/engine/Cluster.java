import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilderFactory;
import org.opensearch.analysis.common.CommonAnalysisPlugin;
import org.opensearch.cluster.service.ClusterService;
import org.opensearch.common.settings.Settings;
import org.opensearch.common.unit.TimeValue;
import org.opensearch.env.Environment;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.transport.Netty4Plugin;

/**
 * An OpenSearch cluster in one JVM, for tests: Cluster FOLDER NODES HTTP_PORT TRANSPORT_PORT. Node N (from 1) listens on 127.0.0.1
 * alone, at HTTP_PORT + N - 1 and TRANSPORT_PORT + N - 1. Reads commands from standard input, a line each: `stop N`, `start N`
 * (again, on the same data), `quit`; the end of input quits too. Prints an event a line: `ready URL...` once, `stopped N`,
 * `started N`, or `failed COMMAND: why`. Warnings of the nodes go to standard error.
 */
public final class Cluster {
    private static final TimeValue PATIENCE = TimeValue.timeValueSeconds(60);

    private final Path folder;
    private final int http;
    private final int transport;
    /** Node N is at N - 1: null while it is stopped. */
    private final Node[] nodes;

    private Cluster(Path folder, int count, int http, int transport) {
        this.folder = folder;
        this.http = http;
        this.transport = transport;
        this.nodes = new Node[count];
    }

    private static final class Member extends Node {
        /** The constructor that takes plugins from the class path is protected. */
        Member(Environment environment) {
            super(environment, List.of(Netty4Plugin.class, CommonAnalysisPlugin.class), false);
        }

        /** The id of the node for its logs, which can be set only once in a JVM. */
        @Override
        protected void configureNodeAndClusterIdStateListener(ClusterService service) {}
    }

    public static void main(String[] args) throws Exception {
        // Standard output is for events alone.
        PrintStream events = System.out;
        System.setOut(System.err);
        quietLogs();
        // A second node in the JVM cannot set it again.
        System.setProperty("opensearch.set.netty.runtime.available.processors", "false");
        int count = Integer.parseInt(args[1]);
        Cluster cluster = new Cluster(Path.of(args[0]), count, Integer.parseInt(args[2]), Integer.parseInt(args[3]));
        try {
            // One after another, as they set what belongs to the whole JVM.
            for (int number = 1; number <= count; number++) cluster.make(number);
            cluster.each(cluster::start);
            cluster.awaitJoined(1);
        } catch (Throwable error) {
            error.printStackTrace();
            // Threads of nodes that did start would keep the JVM alive.
            System.exit(1);
        }
        events.println("ready " + IntStream.range(0, count).mapToObj(i -> "http://127.0.0.1:" + (cluster.http + i))
            .collect(Collectors.joining(" ")));
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in));
        for (String line = commands.readLine(); line != null && !line.equals("quit"); line = commands.readLine()) {
            events.println(cluster.obey(line));
        }
        cluster.each(cluster::stop);
        System.exit(0);
    }

    /** Carries out a command and returns the event. */
    private String obey(String line) {
        try {
            String[] words = line.split(" ");
            int number = words.length == 2 ? Integer.parseInt(words[1]) : 0;
            if (number < 1 || number > nodes.length) {
                throw new IllegalArgumentException("not `stop N` or `start N` with N from 1 to " + nodes.length);
            }
            switch (words[0]) {
                case "stop":
                    if (nodes[number - 1] == null) throw new IllegalStateException("it is stopped");
                    stop(number);
                    return "stopped " + number;
                case "start":
                    if (nodes[number - 1] != null) throw new IllegalStateException("it runs");
                    make(number);
                    start(number);
                    awaitJoined(number);
                    return "started " + number;
                default:
                    throw new IllegalArgumentException("no such command");
            }
        } catch (Exception error) {
            // An event is a line.
            return ("failed " + line + ": " + error).replaceAll("\\s+", " ");
        }
    }

    private void make(int number) throws IOException {
        Path home = folder.resolve("node-" + number);
        Files.createDirectories(home.resolve("config"));
        String name = "node-" + number;
        Settings.Builder settings = Settings.builder()
            .put("path.home", home)
            .put("node.name", name)
            .put("cluster.name", "crosshead-test")
            .put("network.host", "127.0.0.1")
            .put("http.port", http + number - 1)
            .put("http.type", "netty4")
            .put("transport.port", transport + number - 1)
            .put("transport.type", "netty4")
            .putList("discovery.seed_hosts", IntStream.range(0, nodes.length).mapToObj(i -> "127.0.0.1:" + (transport + i))
                .collect(Collectors.toList()))
            // A full disk of the machine is not what is tested.
            .put("cluster.routing.allocation.disk.threshold_enabled", false)
            // Thread pools follow the processors: the same on every machine. Mapped files would count as memory of the process.
            .put("node.processors", 2)
            .put("node.store.allow_mmap", false);
        // Of two nodes only one has a vote. It is always the first, so that the second can be stopped.
        if (number == 1) settings.putList("cluster.initial_cluster_manager_nodes", name);
        nodes[number - 1] = new Member(InternalSettingsPreparer.prepareEnvironment(settings.build(), Map.of(), null, () -> name));
    }

    private void start(int number) throws Exception {
        try {
            nodes[number - 1].start();
        } catch (Exception error) {
            stop(number);
            throw error;
        }
    }

    private void stop(int number) throws IOException, InterruptedException {
        Node node = nodes[number - 1];
        if (node == null) return;
        nodes[number - 1] = null;
        node.close();
        // Until then it holds the lock of its folder.
        if (!node.awaitClose(PATIENCE.seconds(), TimeUnit.SECONDS)) throw new IOException("it does not end");
    }

    /**
     * Waits until all running nodes are in one cluster, seen from one of them, and every primary shard is active. The latter only
     * if no node is stopped, as that one may have the only copy.
     */
    private void awaitJoined(int number) {
        long running = Stream.of(nodes).filter(node -> node != null).count();
        var request = nodes[number - 1].client().admin().cluster().prepareHealth().setWaitForNodes(Long.toString(running))
            .setTimeout(PATIENCE).setClusterManagerNodeTimeout(PATIENCE);
        if (running == nodes.length) request.setWaitForYellowStatus();
        var health = request.get();
        if (health.isTimedOut()) {
            throw new IllegalStateException(health.getNumberOfNodes() + " of " + running + " nodes joined, " + health.getStatus());
        }
    }

    private interface Act {
        void on(int number) throws Exception;
    }

    /** Does so with all nodes at the same time: while it starts, each waits for the first. */
    private void each(Act act) {
        IntFunction<CompletableFuture<Void>> begin = number -> CompletableFuture.runAsync(() -> {
            try {
                act.on(number);
            } catch (Exception error) {
                throw new IllegalStateException("node " + number, error);
            }
        }, work -> new Thread(work).start());
        CompletableFuture.allOf(IntStream.rangeClosed(1, nodes.length).mapToObj(begin).toArray(CompletableFuture[]::new)).join();
    }

    /** Before any class of OpenSearch is loaded, as each takes its logger then. */
    private static void quietLogs() {
        var builder = ConfigurationBuilderFactory.newConfigurationBuilder();
        var layout = builder.newLayout("PatternLayout").addAttribute("pattern", "%d{HH:mm:ss} %-5p %c{1}: %m%n");
        builder.add(builder.newAppender("stderr", "Console").addAttribute("target", "SYSTEM_ERR").add(layout));
        builder.add(builder.newRootLogger(Level.WARN).add(builder.newAppenderRef("stderr")));
        Configurator.initialize(builder.build());
    }
}
