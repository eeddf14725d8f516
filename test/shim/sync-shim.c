/*
 * A disk that misbehaves, for one process: loaded with LD_PRELOAD it stands between the process and its files.
 *
 *   GATEHOUSE_SHIM_SYNC_DELAY_US  microseconds added to every fsync and fdatasync
 *   GATEHOUSE_SHIM_LOG            file that gets a line for every sync (see below)
 *   GATEHOUSE_SHIM_LOG_SENDS      "1": also a line for every write to a TCP socket
 *   GATEHOUSE_SHIM_DIR            folder (a real path) that the rest is about
 *   GATEHOUSE_SHIM_CONTROL        file of 128 bytes, read before every operation: "ERROR PERCENT PART DELAY_US"
 *                                 ERROR: none, ENOSPC, EROFS, EIO or EIO_READ (reads only); PART: * or a part of the path
 *                                 DELAY_US: added to every sync, but for no longer than it is commanded
 *   GATEHOUSE_SHIM_DISK           empty folder: what would be on the disk after a power cut
 *   GATEHOUSE_SHIM_EARLY          percent of writes that reach the disk before anybody syncs, perhaps torn
 *   GATEHOUSE_SHIM_LIES           part of a path: syncs of such files are answered and not done
 *   GATEHOUSE_SHIM_SKIP           "1": syncs are not passed on to the real disk, which only makes a test slow
 *
 * Lines of the log: monotonic nanoseconds, thread, then `sync BEGAN RESULT PATH` once a sync ended (BEGAN: when it began)
 * or `send PORT BYTES` right before bytes go to a socket whose local port is PORT.
 *
 * The disk: every write, truncation and change of a folder below the folder stays in this process's memory until
 * somebody syncs the file or the folder it is in; only then is it applied to the copy. Killing the process therefore
 * loses exactly what a power cut may lose. What a file's name leads to is kept in DISK/names, the contents in DISK/<n>.
 * A file's own sync does not make its name durable: that is the folder's, as POSIX has it.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define MAX_FDS 65536
#define REAL(name) ((__typeof__(&name))real(&real_##name, #name))

enum kind { WRITE, TRUNCATE };

/* Something done to a file that no sync has covered yet. */
struct change {
  enum kind kind;
  unsigned long number;
  off_t at;
  size_t length;
  struct change *next;
  unsigned char bytes[];
};

/* A file's content on the disk, and what is still on its way there. */
struct object {
  int number;
  struct change *first, *last;
};

/* What a path leads to: a file's object, or a folder (object NULL). */
struct name {
  char *path;
  struct object *object;
  struct name *next;
};

static struct {
  long delay_us;
  int log, control, early, skip, log_sends;
  char dir[PATH_MAX];
  size_t dir_length;
  char disk[PATH_MAX];
  const char *lies;
} set = {.log = -1, .control = -1};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char *path_of_fd[MAX_FDS];
static struct object *object_of_fd[MAX_FDS];
static struct stat file_of_fd[MAX_FDS];
static struct name *live, *durable;
static int objects;
static unsigned long changes;
static unsigned int seed = 1;

static void *real(void **known, const char *name) {
  if (*known == NULL) *known = dlsym(RTLD_NEXT, name);
  return *known;
}

#define DECLARE(name) static void *real_##name
DECLARE(fsync); DECLARE(fdatasync); DECLARE(write); DECLARE(writev); DECLARE(send); DECLARE(sendmsg);
DECLARE(pread); DECLARE(pread64); DECLARE(pwrite); DECLARE(pwrite64); DECLARE(pwritev); DECLARE(pwritev64);
DECLARE(ftruncate); DECLARE(ftruncate64); DECLARE(open); DECLARE(open64); DECLARE(openat); DECLARE(openat64);
DECLARE(close); DECLARE(unlink); DECLARE(unlinkat); DECLARE(rename); DECLARE(mkdir); DECLARE(rmdir);

static long long now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

/* One write for one line: lines of several threads never mix. */
static void say(const char *format, ...) {
  char line[PATH_MAX + 128];
  int head = snprintf(line, sizeof line, "%lld %ld ", now_ns(), (long)syscall(SYS_gettid));
  va_list arguments;
  va_start(arguments, format);
  int rest = vsnprintf(line + head, sizeof line - head - 1, format, arguments);
  va_end(arguments);
  size_t length = (size_t)(head + rest);
  if (length > sizeof line - 2) length = sizeof line - 2;
  line[length++] = '\n';
  syscall(SYS_write, set.log, line, length);
}

static int is_inside(const char *path) {
  return set.dir_length > 0 && strncmp(path, set.dir, set.dir_length) == 0 &&
         (path[set.dir_length] == '/' || path[set.dir_length] == '\0');
}

/* SQLite makes its shared index anew after every start; it is memory, not data. */
static int is_kept(const char *path) {
  size_t length = strlen(path);
  return is_inside(path) && !(length > 4 && strcmp(path + length - 4, "-shm") == 0);
}

/* ---- faults on command ---- */

struct fault { int error; int reads; int percent; char part[80]; long delay_us; };

enum operation { WRITING, SYNCING, READING };

static int read_fault(struct fault *fault) {
  char text[129] = {0}, word[16] = {0};
  if (set.control < 0 || syscall(SYS_pread64, set.control, text, 128, 0) <= 0) return 0;
  if (sscanf(text, "%15s %d %79s %ld", word, &fault->percent, fault->part, &fault->delay_us) != 4) return 0;
  fault->error = strcmp(word, "ENOSPC") == 0  ? ENOSPC
                 : strcmp(word, "EROFS") == 0 ? EROFS
                 : strncmp(word, "EIO", 3) == 0 ? EIO
                                                : 0;
  fault->reads = strcmp(word, "EIO_READ") == 0;
  return 1;
}

static int concerns(const struct fault *fault, const char *path) {
  return path != NULL && is_inside(path) && (strcmp(fault->part, "*") == 0 || strstr(path, fault->part) != NULL);
}

/* Whether this operation is to fail; errno is then set. */
static int fails(const char *path, enum operation operation) {
  struct fault fault;
  if (path == NULL || !read_fault(&fault) || fault.error == 0 || !concerns(&fault, path)) return 0;
  if (fault.reads != (operation == READING)) return 0;
  if (operation == SYNCING && fault.error != EIO) return 0;
  if (fault.percent < 100 && (int)(rand_r(&seed) % 100) >= fault.percent) return 0;
  errno = fault.error;
  return 1;
}

static void wait_us(long us) {
  if (us <= 0) return;
  struct timespec left = {us / 1000000, us % 1000000 * 1000};
  while (nanosleep(&left, &left) != 0 && errno == EINTR) {}
}

/* ---- the disk ---- */

static struct name *find(struct name *list, const char *path) {
  for (; list != NULL; list = list->next)
    if (strcmp(list->path, path) == 0) return list;
  return NULL;
}

static void put(struct name **list, const char *path, struct object *object) {
  struct name *known = find(*list, path);
  if (known == NULL) {
    known = malloc(sizeof *known);
    known->path = strdup(path);
    known->next = *list;
    *list = known;
  }
  known->object = object;
}

static void drop(struct name **list, const char *path) {
  for (; *list != NULL; list = &(*list)->next) {
    if (strcmp((*list)->path, path) != 0) continue;
    struct name *gone = *list;
    *list = gone->next;
    free(gone->path);
    free(gone);
    return;
  }
}

/* Whether `path` lies directly in the folder. */
static int is_child(const char *folder, const char *path) {
  size_t length = strlen(folder);
  return strncmp(path, folder, length) == 0 && path[length] == '/' && strchr(path + length + 1, '/') == NULL;
}

static void write_names(void) {
  char path[PATH_MAX + 16], fresh[PATH_MAX + 16];
  snprintf(path, sizeof path, "%s/names", set.disk);
  snprintf(fresh, sizeof fresh, "%s/names.new", set.disk);
  FILE *file = fopen(fresh, "we");
  if (file == NULL) return;
  for (struct name *each = durable; each != NULL; each = each->next)
    fprintf(file, "%d %s\n", each->object == NULL ? -1 : each->object->number, each->path + set.dir_length);
  fclose(file);
  syscall(SYS_rename, fresh, path);
}

static int open_object(const struct object *object) {
  char path[PATH_MAX + 16];
  snprintf(path, sizeof path, "%s/%d", set.disk, object->number);
  return (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
}

static struct object *new_object(void) {
  struct object *object = calloc(1, sizeof *object);
  object->number = ++objects;
  syscall(SYS_close, open_object(object));
  return object;
}

static void apply(int file, const struct change *change, size_t length) {
  if (change->kind == TRUNCATE) {
    syscall(SYS_ftruncate, file, change->at);
    return;
  }
  for (size_t done = 0; done < length;) {
    long n = syscall(SYS_pwrite64, file, change->bytes + done, length - done, change->at + (off_t)done);
    if (n <= 0) return;
    done += (size_t)n;
  }
}

/* A drive writes back when it likes, and a write that was under way may be cut at any sector. */
static void perhaps_early(struct object *object, const struct change *change) {
  if (set.early == 0 || (int)(rand_r(&seed) % 100) >= set.early) return;
  int file = open_object(object);
  size_t length = change->length;
  if (length > 512 && rand_r(&seed) % 2 == 0) length = (size_t)(rand_r(&seed) % (length / 512)) * 512;
  apply(file, change, length);
  syscall(SYS_close, file);
}

static void remember(struct object *object, enum kind kind, off_t at, const void *bytes, size_t length) {
  struct change *change = malloc(sizeof *change + length);
  change->kind = kind;
  change->number = ++changes;
  change->at = at;
  change->length = length;
  change->next = NULL;
  if (length > 0) memcpy(change->bytes, bytes, length);
  perhaps_early(object, change);
  if (object->last == NULL) object->first = change;
  else object->last->next = change;
  object->last = change;
}

/* What was done to the file up to that change is now on the disk. */
static void flush_object(struct object *object, unsigned long until) {
  if (object->first == NULL) return;
  int file = open_object(object);
  for (struct change *change; (change = object->first) != NULL && change->number <= until;) {
    apply(file, change, change->length);
    object->first = change->next;
    free(change);
  }
  if (object->first == NULL) object->last = NULL;
  syscall(SYS_close, file);
}

/* A folder was synced: the names in it are now what they are. */
static void flush_folder(const char *folder) {
  for (struct name *each = durable, *next; each != NULL; each = next) {
    next = each->next;
    if (is_child(folder, each->path) && find(live, each->path) == NULL) drop(&durable, each->path);
  }
  for (struct name *each = live; each != NULL; each = each->next)
    if (is_child(folder, each->path)) put(&durable, each->path, each->object);
  write_names();
}

/* What is there at the start is taken for durable. */
static void take_over(const char *folder) {
  DIR *listing = opendir(folder);
  if (listing == NULL) return;
  for (struct dirent *entry; (entry = readdir(listing)) != NULL;) {
    char path[PATH_MAX];
    struct stat found;
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    if (snprintf(path, sizeof path, "%s/%s", folder, entry->d_name) >= (int)sizeof path) continue;
    if (!is_kept(path) || lstat(path, &found) != 0) continue;
    struct object *object = NULL;
    if (S_ISREG(found.st_mode)) {
      object = new_object();
      int from = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0), to = open_object(object);
      static unsigned char block[1 << 20];
      for (long n; (n = syscall(SYS_read, from, block, sizeof block)) > 0;) syscall(SYS_write, to, block, n);
      syscall(SYS_close, from);
      syscall(SYS_close, to);
    }
    put(&live, path, object);
    put(&durable, path, object);
    if (S_ISDIR(found.st_mode)) take_over(path);
  }
  closedir(listing);
}

/* ---- what is open ---- */

static void forget(int fd) {
  if (fd < 0 || fd >= MAX_FDS || path_of_fd[fd] == NULL) return;
  pthread_mutex_lock(&lock);
  free(path_of_fd[fd]);
  path_of_fd[fd] = NULL;
  object_of_fd[fd] = NULL;
  pthread_mutex_unlock(&lock);
}

static void note_open(int fd, int flags) {
  char link[64], path[PATH_MAX];
  if (fd < 0 || fd >= MAX_FDS || set.dir_length == 0) return;
  forget(fd);
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  long length = syscall(SYS_readlink, link, path, sizeof path - 1);
  if (length <= 0) return;
  path[length] = '\0';
  if (!is_inside(path)) return;
  pthread_mutex_lock(&lock);
  path_of_fd[fd] = strdup(path);
  fstat(fd, &file_of_fd[fd]);
  if (set.disk[0] != '\0' && is_kept(path) && S_ISREG(file_of_fd[fd].st_mode)) {
    struct name *known = find(live, path);
    if (known == NULL) put(&live, path, new_object());
    else if (flags & O_TRUNC) remember(known->object, TRUNCATE, 0, NULL, 0);
    object_of_fd[fd] = find(live, path)->object;
  }
  pthread_mutex_unlock(&lock);
}

/* libuv closes by a system call of its own, which nobody sees: the number may be another file's or a socket's by now. */
static const char *path_at(int fd) {
  struct stat now;
  if (fd < 0 || fd >= MAX_FDS || path_of_fd[fd] == NULL) return NULL;
  if (fstat(fd, &now) != 0 || now.st_dev != file_of_fd[fd].st_dev || now.st_ino != file_of_fd[fd].st_ino) forget(fd);
  return path_of_fd[fd];
}

static void note_write(int fd, off_t at, const struct iovec *parts, int count, ssize_t written) {
  if (written <= 0 || fd >= MAX_FDS || object_of_fd[fd] == NULL) return;
  pthread_mutex_lock(&lock);
  size_t left = (size_t)written;
  for (int i = 0; i < count && left > 0; i++) {
    size_t length = parts[i].iov_len < left ? parts[i].iov_len : left;
    remember(object_of_fd[fd], WRITE, at, parts[i].iov_base, length);
    at += (off_t)length;
    left -= length;
  }
  pthread_mutex_unlock(&lock);
}

/* For writes at the file's own position, which has moved on by now. */
static void note_append(int fd, const struct iovec *parts, int count, ssize_t written) {
  if (written <= 0 || fd < 0 || fd >= MAX_FDS || object_of_fd[fd] == NULL) return;
  note_write(fd, lseek(fd, 0, SEEK_CUR) - written, parts, count, written);
}

static void absolute(char *into, int folder, const char *path) {
  char base[PATH_MAX];
  if (path[0] == '/') {
    snprintf(into, PATH_MAX, "%s", path);
    return;
  }
  if (folder == AT_FDCWD) {
    if (getcwd(base, sizeof base) == NULL) base[0] = '\0';
  } else snprintf(base, sizeof base, "%s", path_at(folder) ? path_at(folder) : "");
  if (snprintf(into, PATH_MAX, "%s/%s", base, path) >= PATH_MAX) into[0] = '\0';
}

static void note_send(int fd, size_t length) {
  if (!set.log_sends || set.log < 0) return;
  struct sockaddr_storage own = {0};
  socklen_t size = sizeof own;
  int error = errno;
  if (getsockname(fd, (struct sockaddr *)&own, &size) == 0 &&
      (own.ss_family == AF_INET || own.ss_family == AF_INET6))
    say("send %d %zu", ntohs(((struct sockaddr_in *)&own)->sin_port), length);
  errno = error;
}

/* ---- syncs ---- */

static int sync_with(int fd, int (*through)(int)) {
  long long began = now_ns();
  const char *path = path_at(fd);
  struct fault fault = {0};
  pthread_mutex_lock(&lock);
  struct object *object = fd >= 0 && fd < MAX_FDS ? object_of_fd[fd] : NULL;
  unsigned long until = changes;
  pthread_mutex_unlock(&lock);
  wait_us(set.delay_us);
  /* in steps, so that the end of the command ends the wait */
  long long waits = now_ns();
  while (read_fault(&fault) && concerns(&fault, path)) {
    long left = fault.delay_us - (now_ns() - waits) / 1000;
    if (left <= 0) break;
    wait_us(left < 10000 ? left : 10000);
  }
  int result = fails(path, SYNCING) ? -1 : set.skip ? 0 : through(fd);
  int error = errno;
  int lies = set.lies != NULL && path != NULL && strstr(path, set.lies) != NULL;
  if (result == 0 && path != NULL && set.disk[0] != '\0' && !lies) {
    pthread_mutex_lock(&lock);
    if (object != NULL) flush_object(object, until);
    else flush_folder(path);
    pthread_mutex_unlock(&lock);
  }
  if (set.log >= 0) say("sync %lld %d %s", began, result, path ? path : "-");
  errno = error;
  return result;
}

int fsync(int fd) { return sync_with(fd, REAL(fsync)); }
int fdatasync(int fd) { return sync_with(fd, REAL(fdatasync)); }

/* ---- writes ---- */

ssize_t write(int fd, const void *bytes, size_t length) {
  if (path_at(fd) == NULL) {
    note_send(fd, length);
    return REAL(write)(fd, bytes, length);
  }
  if (fails(path_at(fd), WRITING)) return -1;
  ssize_t written = REAL(write)(fd, bytes, length);
  struct iovec part = {(void *)bytes, length};
  note_append(fd, &part, 1, written);
  return written;
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  if (path_at(fd) == NULL) {
    size_t length = 0;
    for (int i = 0; i < count; i++) length += parts[i].iov_len;
    note_send(fd, length);
    return REAL(writev)(fd, parts, count);
  }
  if (fails(path_at(fd), WRITING)) return -1;
  ssize_t written = REAL(writev)(fd, parts, count);
  note_append(fd, parts, count, written);
  return written;
}

ssize_t send(int fd, const void *bytes, size_t length, int flags) {
  note_send(fd, length);
  return REAL(send)(fd, bytes, length, flags);
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
  note_send(fd, message->msg_iovlen > 0 ? message->msg_iov[0].iov_len : 0);
  return REAL(sendmsg)(fd, message, flags);
}

#define PWRITE(name, offset)                                                \
  ssize_t name(int fd, const void *bytes, size_t length, offset at) {       \
    if (fails(path_at(fd), WRITING)) return -1;                             \
    ssize_t written = REAL(name)(fd, bytes, length, at);                    \
    struct iovec part = {(void *)bytes, length};                            \
    note_write(fd, (off_t)at, &part, 1, written);                           \
    return written;                                                         \
  }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define PWRITEV(name, offset)                                               \
  ssize_t name(int fd, const struct iovec *parts, int count, offset at) {   \
    if (fails(path_at(fd), WRITING)) return -1;                             \
    ssize_t written = REAL(name)(fd, parts, count, at);                     \
    note_write(fd, (off_t)at, parts, count, written);                       \
    return written;                                                         \
  }
PWRITEV(pwritev, off_t)
PWRITEV(pwritev64, off64_t)

#define FTRUNCATE(name, offset)                                             \
  int name(int fd, offset length) {                                         \
    if (fails(path_at(fd), WRITING)) return -1;                             \
    int result = REAL(name)(fd, length);                                    \
    if (result == 0 && fd >= 0 && fd < MAX_FDS && object_of_fd[fd]) {       \
      pthread_mutex_lock(&lock);                                            \
      remember(object_of_fd[fd], TRUNCATE, (off_t)length, NULL, 0);         \
      pthread_mutex_unlock(&lock);                                          \
    }                                                                       \
    return result;                                                          \
  }
FTRUNCATE(ftruncate, off_t)
FTRUNCATE(ftruncate64, off64_t)

#define PREAD(name, offset)                                                 \
  ssize_t name(int fd, void *bytes, size_t length, offset at) {             \
    if (fails(path_at(fd), READING)) return -1;                             \
    return REAL(name)(fd, bytes, length, at);                               \
  }
PREAD(pread, off_t)
PREAD(pread64, off64_t)

/* ---- names ---- */

/* Opening for reading never fails; a full disk refuses what is new, a read-only one whatever could write. */
static int open_fails(int folder, const char *path, int flags) {
  char full[PATH_MAX];
  struct stat found;
  if (set.control < 0 || (flags & (O_WRONLY | O_RDWR | O_CREAT)) == 0) return 0;
  absolute(full, folder, path);
  if (!is_inside(full)) return 0;
  struct fault fault;
  if (!read_fault(&fault)) return 0;
  if (fault.error != EROFS && stat(full, &found) == 0) return 0;
  return fails(full, WRITING);
}

#define OPEN(name, parameters, folder, ...)                                 \
  int name parameters {                                                     \
    mode_t mode = 0;                                                        \
    if (flags & (O_CREAT | O_TMPFILE)) {                                    \
      va_list rest;                                                         \
      va_start(rest, flags);                                                \
      mode = va_arg(rest, mode_t);                                          \
      va_end(rest);                                                         \
    }                                                                       \
    if (open_fails(folder, path, flags)) return -1;                         \
    int fd = REAL(name)(__VA_ARGS__, flags, mode);                          \
    int error = errno;                                                      \
    note_open(fd, flags);                                                   \
    errno = error;                                                          \
    return fd;                                                              \
  }
OPEN(open, (const char *path, int flags, ...), AT_FDCWD, path)
OPEN(open64, (const char *path, int flags, ...), AT_FDCWD, path)
OPEN(openat, (int at, const char *path, int flags, ...), at, at, path)
OPEN(openat64, (int at, const char *path, int flags, ...), at, at, path)

int close(int fd) {
  forget(fd);
  return REAL(close)(fd);
}

static void note_gone(int folder, const char *path) {
  char full[PATH_MAX];
  absolute(full, folder, path);
  if (set.disk[0] == '\0' || !is_kept(full)) return;
  pthread_mutex_lock(&lock);
  drop(&live, full);
  pthread_mutex_unlock(&lock);
}

static int name_fails(const char *path) {
  char full[PATH_MAX];
  if (set.control < 0) return 0;
  absolute(full, AT_FDCWD, path);
  return fails(full, WRITING);
}

/* A full disk still lets go of things. */
static int removal_fails(const char *path) {
  struct fault fault;
  return read_fault(&fault) && fault.error != ENOSPC && name_fails(path);
}

int unlink(const char *path) {
  if (removal_fails(path)) return -1;
  int result = REAL(unlink)(path);
  if (result == 0) note_gone(AT_FDCWD, path);
  return result;
}

int unlinkat(int folder, const char *path, int flags) {
  int result = REAL(unlinkat)(folder, path, flags);
  if (result == 0) note_gone(folder, path);
  return result;
}

int rmdir(const char *path) {
  if (removal_fails(path)) return -1;
  int result = REAL(rmdir)(path);
  if (result == 0) note_gone(AT_FDCWD, path);
  return result;
}

int rename(const char *from, const char *to) {
  char old[PATH_MAX], new[PATH_MAX];
  if (name_fails(to)) return -1;
  int result = REAL(rename)(from, to);
  if (result != 0 || set.disk[0] == '\0') return result;
  absolute(old, AT_FDCWD, from);
  absolute(new, AT_FDCWD, to);
  pthread_mutex_lock(&lock);
  struct name *moved = find(live, old);
  if (moved != NULL) {
    struct object *object = moved->object;
    drop(&live, old);
    put(&live, new, object);
  }
  pthread_mutex_unlock(&lock);
  return result;
}

int mkdir(const char *path, mode_t mode) {
  char full[PATH_MAX];
  if (name_fails(path)) return -1;
  int result = REAL(mkdir)(path, mode);
  absolute(full, AT_FDCWD, path);
  if (result == 0 && set.disk[0] != '\0' && is_kept(full) && strlen(full) > set.dir_length) {
    pthread_mutex_lock(&lock);
    put(&live, full, NULL);
    pthread_mutex_unlock(&lock);
  }
  return result;
}

/* ---- settings ---- */

static int open_log(const char *path) {
  return path == NULL ? -1
                      : (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static int number_of(const char *name) {
  const char *text = getenv(name);
  return text == NULL ? 0 : atoi(text);
}

__attribute__((constructor)) static void begin(void) {
  const char *control = getenv("GATEHOUSE_SHIM_CONTROL"), *dir = getenv("GATEHOUSE_SHIM_DIR"),
             *disk = getenv("GATEHOUSE_SHIM_DISK");
  set.delay_us = number_of("GATEHOUSE_SHIM_SYNC_DELAY_US");
  set.lies = getenv("GATEHOUSE_SHIM_LIES");
  set.early = number_of("GATEHOUSE_SHIM_EARLY");
  set.skip = number_of("GATEHOUSE_SHIM_SKIP");
  set.log_sends = number_of("GATEHOUSE_SHIM_LOG_SENDS");
  set.log = open_log(getenv("GATEHOUSE_SHIM_LOG"));
  seed = (unsigned int)(getpid() ^ now_ns());
  if (control != NULL) set.control = (int)syscall(SYS_openat, AT_FDCWD, control, O_RDONLY | O_CLOEXEC, 0);
  if (dir == NULL) return;
  snprintf(set.dir, sizeof set.dir, "%s", dir);
  set.dir_length = strlen(set.dir);
  if (disk == NULL) return;
  snprintf(set.disk, sizeof set.disk, "%s", disk);
  take_over(set.dir);
  write_names();
}
