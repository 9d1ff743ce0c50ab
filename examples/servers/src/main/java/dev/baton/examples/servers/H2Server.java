package dev.baton.examples.servers;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Executors;

/**
 * A server that opens a database file at boot and answers from it: H2 locks the file, so no second
 * one can boot beside it.
 *
 * <p>Arguments: where to listen, and the path of the database.
 */
public final class H2Server {
  private final Connection connection;

  private H2Server(Connection connection) {
    this.connection = connection;
  }

  public static void main(String[] args) throws IOException, SQLException {
    Connection connection = DriverManager.getConnection("jdbc:h2:file:" + args[1]);
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE IF NOT EXISTS greeting (words VARCHAR PRIMARY KEY)");
      statement.execute("MERGE INTO greeting VALUES ('hello from pid ')");
    }
    new H2Server(connection).listen(args[0]);
  }

  private void listen(String where) throws IOException {
    HttpServer server = HttpServer.create(Where.inet(where), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext(
        "/",
        exchange -> {
          byte[] body = greeting().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    System.out.println("listening on " + server.getAddress());
  }

  private synchronized String greeting() throws IOException {
    try (Statement statement = connection.createStatement();
        ResultSet words = statement.executeQuery("SELECT words FROM greeting")) {
      words.next();
      return words.getString(1) + ProcessHandle.current().pid();
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }
}
