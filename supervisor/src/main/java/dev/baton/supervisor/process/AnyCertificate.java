package dev.baton.supervisor.process;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * TLS with whoever answers, for gates only. The supervisor made the socket at the other end and
 * gave it to the worker, so it knows who is there; and a private face is no host that a certificate
 * could name. What it shows (expired, self-signed, of another name) is the business of its clients.
 */
final class AnyCertificate {
  private static final int DNS_NAME = 2;

  private AnyCertificate() {}

  /** Made when the first https gate is tried: it takes memory, and a tenth of a second. */
  private static final class Lazy {
    static final SSLSocketFactory SOCKETS = sockets();
  }

  static SSLSocketFactory factory() {
    return Lazy.SOCKETS;
  }

  private static SSLSocketFactory sockets() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Everybody()}, null);
      // Private ports come and go: sessions nobody will resume must not pile up.
      context.getClientSessionContext().setSessionCacheSize(1);
      return context.getSocketFactory();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no TLS", e);
    }
  }

  /**
   * A host this server takes for its own: Jetty, for one, answers 400 to a host that its
   * certificate does not name.
   */
  static String hostIn(SSLSession session) {
    try {
      Certificate first = session.getPeerCertificates()[0];
      Collection<List<?>> names =
          first instanceof X509Certificate x509 ? x509.getSubjectAlternativeNames() : null;
      return names == null ? "localhost" : chooseHost(names);
    } catch (SSLPeerUnverifiedException | CertificateParsingException e) {
      return "localhost";
    }
  }

  static String chooseHost(Collection<List<?>> names) {
    List<String> hosts =
        names.stream()
            .filter(name -> Integer.valueOf(DNS_NAME).equals(name.get(0)))
            .map(name -> String.valueOf(name.get(1)))
            .filter(host -> host.matches("[A-Za-z0-9*._-]+"))
            .toList();
    return hosts.isEmpty() || hosts.contains("localhost")
        ? "localhost"
        : hosts.get(0).replace("*", "baton");
  }

  /** The extended kind, whose word is final: the JDK adds no checks of its own to it. */
  private static final class Everybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
