package io.kailash.stack;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** Ends the {@link RunningService} after the last test of this JVM. */
public final class RunningServiceEnd implements LauncherSessionListener {

  @Override
  public void launcherSessionClosed(LauncherSession session) {
    RunningService.end();
  }
}
