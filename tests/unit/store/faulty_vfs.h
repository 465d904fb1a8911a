/* A disk that fails when it is told to: SQLite's own file layer with writing and syncing that can
 * be made to fail. One at a time; becomes SQLite's default while it is installed. */
#ifndef MUSTER_TESTS_UNIT_STORE_FAULTY_VFS_H
#define MUSTER_TESTS_UNIT_STORE_FAULTY_VFS_H

enum faulty_operation { FAULTY_WRITE, FAULTY_SYNC, FAULTY_OPERATIONS };

void faulty_vfs_install(void);
void faulty_vfs_remove(void);

/* From now on the operation succeeds so many times more, and then fails with SQLite's result code
 * each time. SQLITE_OK as result ends that. Any thread. */
void faulty_vfs_fail(enum faulty_operation operation, int after, int result);

/* The next operation fails, and the ones after it succeed. */
void faulty_vfs_fail_once(enum faulty_operation operation, int result);

/* How often the operation has failed since the installation. */
int faulty_vfs_count(enum faulty_operation operation);

#endif
