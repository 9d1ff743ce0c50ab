package dev.baton.supervisor.resource;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import com.google.common.base.Preconditions;
import com.google.common.collect.ImmutableList;
import dev.baton.supervisor.config.Names;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the workers of a service call something they share: a lease, or what they have stored. A
 * file of it is called {@code SERVICE.NAME}; neither has a dot in it.
 */
public record Label(String service, String name) {
  public Label {
    Preconditions.checkArgument(Names.isName(name), "'%s' is no name", name);
  }

  /**
   * As a worker has said it.
   *
   * @param what it is a name of, for the message: {@code of a lease}
   * @throws ResourceException when it is none
   */
  static Label of(String service, String name, String what) throws ResourceException {
    if (!Names.isName(name)) {
      throw new ResourceException("EINVAL", "'" + name + "' is no name " + what, null);
    }
    return new Label(service, name);
  }

  /** All that have a file in that folder, which need not be there. */
  static ImmutableList<Label> in(Path folder) throws IOException {
    ImmutableList.Builder<Label> labels = ImmutableList.builder();
    if (Files.isDirectory(folder, NOFOLLOW_LINKS)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
        for (Path file : files) {
          String[] parts = file.getFileName().toString().split("\\.", -1);
          if (parts.length == 2 && Names.isName(parts[1])) { // others are being made
            labels.add(new Label(parts[0], parts[1]));
          }
        }
      }
    }
    return labels.build();
  }

  @Override
  public String toString() {
    return service + "." + name;
  }
}
