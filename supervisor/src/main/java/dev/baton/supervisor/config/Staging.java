package dev.baton.supervisor.config;

import com.google.common.collect.ImmutableList;

/**
 * What is copied for a generation before it is launched, so that it runs on the same files to its
 * end, and can be returned to, whatever is put in their place meanwhile.
 *
 * @param jars the jars that the command names after {@code -jar}, {@code -cp} or {@code
 *     --class-path}, and what their manifests refer to
 * @param paths further files and directories; the command's mentions of them are led to the copies
 */
public record Staging(boolean jars, ImmutableList<String> paths) {
  public static final Staging AUTO = new Staging(true, ImmutableList.of());
  public static final Staging OFF = new Staging(false, ImmutableList.of());
}
