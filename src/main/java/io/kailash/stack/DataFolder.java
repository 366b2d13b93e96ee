package io.kailash.stack;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * The one folder of everything that outlives a run, held by one run at a time.
 *
 * <p>{@code lock} tells who holds it; {@code run} has one record per process; {@code conf} and
 * {@code secrets} are for the owner's eyes only; {@code log}, {@code programs} and one folder for
 * each store make up the rest.
 */
final class DataFolder implements AutoCloseable {

  private static final int KEY_BYTES = 32;

  private final Path root;
  private final FileChannel lockFile;
  private final FileLock lock;
  private final SecureRandom random;

  private DataFolder(Path root, FileChannel lockFile, FileLock lock, SecureRandom random) {
    this.root = root;
    this.lockFile = lockFile;
    this.lock = lock;
    this.random = random;
  }

  /**
   * Makes the folder where it is missing, and takes hold of it.
   *
   * @throws StackFailure when it cannot be written or another run holds it
   */
  static DataFolder open(Path root, SecureRandom random) {
    FileChannel file = null;
    try {
      Files.createDirectories(root);
      for (String inner : new String[] {"conf", "secrets", "run", "log", "programs", "tmp"}) {
        Path folder = root.resolve(inner);
        if (!Files.isDirectory(folder)) {
          Files.createDirectory(folder, ownerOnly("rwx------"));
        }
      }
      file =
          FileChannel.open(
              root.resolve("lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      FileLock lock = tryLock(file);
      if (lock == null) {
        String holder = Files.readString(root.resolve("lock"), UTF_8).strip();
        file.close();
        throw new StackFailure(
            "The data folder "
                + root
                + " is in use by another run (process "
                + holder
                + "): stop that one, or set kailash.data to another folder.");
      }
      file.truncate(0);
      file.write(UTF_8.encode(ProcessHandle.current().pid() + "\n"), 0);
      return new DataFolder(root, file, lock, random);
    } catch (IOException e) {
      closeQuietly(file, e);
      throw new StackFailure(
          "The data folder "
              + root
              + " cannot be written ("
              + reason(e)
              + "): set kailash.data to a folder that you may write to.",
          e);
    }
  }

  private static FileLock tryLock(FileChannel file) throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private static void closeQuietly(FileChannel file, IOException because) {
    if (file != null) {
      try {
        file.close();
      } catch (IOException e) {
        because.addSuppressed(e);
      }
    }
  }

  private static String reason(IOException e) {
    String name = e.getClass().getSimpleName().replace("Exception", "");
    return name + (e.getMessage() == null ? "" : " " + e.getMessage());
  }

  Path root() {
    return root;
  }

  Path resolve(String relative) {
    return root.resolve(relative);
  }

  Path log(String name) {
    return root.resolve("log").resolve(name + ".log");
  }

  /** A folder in here, made where it is missing, for the owner only. */
  Path folder(String relative) throws IOException {
    Path folder = root.resolve(relative);
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder.getParent());
      Files.createDirectory(folder, ownerOnly("rwx------"));
    }
    return folder;
  }

  /** Writes a file that only the owner may read, whole or not at all. */
  void writePrivately(Path file, String text) throws IOException {
    Path unfinished = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(unfinished);
    Files.createFile(unfinished, ownerOnly("rw-------"));
    try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = UTF_8.encode(text);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(
        unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** The secret of that name: 256 random bits in base64url, made when asked for the first time. */
  String secret(String name) throws IOException {
    return secret(root.resolve("secrets").resolve(name), "");
  }

  /** The key of the administrator whom the service creates when it has none. */
  String administratorKey() throws IOException {
    return secret(root.resolve("admin.key"), "kk_");
  }

  private String secret(Path file, String prefix) throws IOException {
    if (!Files.exists(file)) {
      byte[] bytes = new byte[KEY_BYTES];
      random.nextBytes(bytes);
      writePrivately(
          file, prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes) + "\n");
    }
    return Files.readString(file, UTF_8).strip();
  }

  static void delete(Path tree) throws IOException {
    if (!Files.exists(tree)) {
      return;
    }
    try (Stream<Path> all = Files.walk(tree)) {
      for (Path path : (Iterable<Path>) all.sorted(Comparator.reverseOrder())::iterator) {
        Files.deleteIfExists(path);
      }
    }
  }

  private static FileAttribute<?>[] ownerOnly(String permissions) {
    if (!FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      return new FileAttribute<?>[0];
    }
    return new FileAttribute<?>[] {
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
    };
  }

  /** Lets go of the folder. */
  @Override
  public void close() {
    try {
      lock.release();
      lockFile.close();
    } catch (IOException e) {
      throw new StackFailure("The lock of " + root + " could not be released.", e);
    }
  }
}
