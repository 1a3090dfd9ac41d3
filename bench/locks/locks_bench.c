// SPDX-License-Identifier: MIT
//
// locks_bench: what the mutexes of LOCKSMITH_MUTEX cost, outside the VM (bench/README.md, "Locks
// alone"). Command line, threads, statistics and output; the measured loops are in kind.h.
#include "bench/locks/kinds.h"
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { MAX_LIST = 64, MAX_THREADS = 1024, MAX_REPEATS = 99 };

typedef struct {
    uint64_t inside, outside;
} Work;

static struct {
    bool kinds[MAX_LIST];
    unsigned threads[MAX_LIST], thread_counts;
    Work works[MAX_LIST];
    unsigned work_count, repeats;
    double seconds;
    bool json;
} options = {.repeats = 3, .seconds = 0.2};

static void __attribute__((noreturn, format(printf, 1, 2))) refuse(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("locks_bench: ", stderr);
    vfprintf(stderr, format, arguments);
    fputs("\n", stderr);
    va_end(arguments);
    exit(2);
}

static const char help[] =
    "Measures the mutexes that LOCKSMITH_MUTEX offers, all in one process.\n"
    "usage: locks_bench [options]\n"
    "  --mutex NAMES      which, separated by commas (default: all)\n"
    "  --threads NUMBERS  thread counts, separated by commas (default: 1 to twice the cores, "
    "doubled)\n"
    "  --work IN:OUT,...  steps of work (about 1.5 ns each) with the lock and without it, between "
    "one\n"
    "                     lock and the next (default: 20:100,200:200)\n"
    "  --seconds S        how long each point runs (default: 0.2)\n"
    "  --repeat N         how often, the median is shown (default: 3)\n"
    "  --json             JSON instead of tables\n"
    "  --help             this\n"
    "Columns: ops/us, critical sections of all threads in a microsecond; Jain, fairness: 1 when "
    "all\n"
    "threads got the lock equally often, 1/N when one got it always; min/max, the unluckiest "
    "thread's\n"
    "share of the luckiest's; cpu ns/op, processor time of all threads for one critical section.\n"
    "Exit status: 0, 1 when a mutex failed to exclude, 2 for a wrong option.\n";

// ---- options ---------------------------------------------------------------------------------

static uint64_t parse_number(const char *option, const char *text, char **end, uint64_t least,
                             uint64_t most) {
    errno = 0;
    unsigned long long value = isdigit((unsigned char)*text) ? strtoull(text, end, 10) : 0;
    if (!isdigit((unsigned char)*text) || errno || value < least || value > most)
        refuse("%s: '%s' does not begin with a number from %llu to %llu", option, text,
               (unsigned long long)least, (unsigned long long)most);
    return value;
}

// Past the comma, if there is one and something follows.
static char *next_item(const char *option, char *text) {
    if (*text == '\0')
        return text;
    if (*text != ',' || text[1] == '\0')
        refuse("%s: '%s' where ',' and another item should be", option, text);
    return text + 1;
}

static void parse_kinds(char *text) {
    for (char *name = strtok(text, ","); name; name = strtok(NULL, ",")) {
        size_t i = 0;
        while (i < kind_count && strcmp(kinds[i].name, name) != 0)
            i++;
        if (i == kind_count) {
            fprintf(stderr, "locks_bench: --mutex: '%s' is unknown; valid are:", name);
            for (i = 0; i < kind_count; i++)
                fprintf(stderr, " %s", kinds[i].name);
            fputs("\n", stderr);
            exit(2);
        }
        options.kinds[i] = true;
    }
}

static void parse_threads(char *text) {
    options.thread_counts = 0;
    do {
        if (options.thread_counts == MAX_LIST)
            refuse("--threads: more than %d items", MAX_LIST);
        options.threads[options.thread_counts++] =
            (unsigned)parse_number("--threads", text, &text, 1, MAX_THREADS);
        text = next_item("--threads", text);
    } while (*text);
}

static void parse_works(char *text) {
    options.work_count = 0;
    do {
        if (options.work_count == MAX_LIST)
            refuse("--work: more than %d items", MAX_LIST);
        Work *w = &options.works[options.work_count++];
        w->inside = parse_number("--work", text, &text, 0, 1000000000);
        if (*text != ':')
            refuse("--work: '%s' where ':' should be (steps inside : steps outside)", text);
        w->outside = parse_number("--work", text + 1, &text, 0, 1000000000);
        text = next_item("--work", text);
    } while (*text);
}

static void parse_options(int argc, char **argv) {
    static const struct option names[] = {
        {"mutex", required_argument, NULL, 'm'},  {"threads", required_argument, NULL, 't'},
        {"work", required_argument, NULL, 'w'},   {"seconds", required_argument, NULL, 's'},
        {"repeat", required_argument, NULL, 'r'}, {"json", no_argument, NULL, 'j'},
        {"help", no_argument, NULL, 'h'},         {NULL, 0, NULL, 0},
    };
    options.works[0] = (Work){20, 100};
    options.works[1] = (Work){200, 200};
    options.work_count = 2;
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    for (long n = 1; n <= 2 * cores && n <= MAX_THREADS; n *= 2)
        options.threads[options.thread_counts++] = (unsigned)n;
    bool chosen = false;
    char *end;
    for (int option; (option = getopt_long(argc, argv, "", names, NULL)) != -1;) {
        switch (option) {
        case 'm':
            parse_kinds(optarg);
            chosen = true;
            break;
        case 't':
            parse_threads(optarg);
            break;
        case 'w':
            parse_works(optarg);
            break;
        case 's':
            options.seconds = strtod(optarg, &end);
            if (end == optarg || *end || !(options.seconds > 0 && options.seconds <= 3600))
                refuse("--seconds: '%s' is no number above 0 and up to 3600", optarg);
            break;
        case 'r':
            options.repeats = (unsigned)parse_number("--repeat", optarg, &end, 1, MAX_REPEATS);
            if (*end)
                refuse("--repeat: '%s' is no number", optarg);
            break;
        case 'j':
            options.json = true;
            break;
        case 'h':
            fputs(help, stdout);
            exit(0);
        default:
            fputs("locks_bench: --help lists the options\n", stderr);
            exit(2);
        }
    }
    if (optind < argc)
        refuse("'%s' is no option; --help lists them", argv[optind]);
    for (size_t i = 0; !chosen && i < kind_count; i++)
        options.kinds[i] = true;
}

// ---- measuring -------------------------------------------------------------------------------

static double clock_seconds(clockid_t clock) {
    struct timespec ts;
    clock_gettime(clock, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec * 1e-9;
}

static void __attribute__((noreturn)) fail_start(void) {
    perror("locks_bench: cannot start a thread");
    exit(1);
}

static int compare_doubles(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, unsigned count) {
    qsort(values, count, sizeof *values, compare_doubles);
    return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

// Nanoseconds of processor time for lock and unlock.
static double measure_alone(const Kind *kind) {
    double samples[MAX_REPEATS];
    uint64_t rounds = 1000;
    for (unsigned i = 0; i < options.repeats;) {
        kind->reset();
        double start =
            clock_seconds(CLOCK_THREAD_CPUTIME_ID); // what other programs take is no part
        kind->alone(rounds);
        double passed = clock_seconds(CLOCK_THREAD_CPUTIME_ID) - start;
        if (passed < options.seconds / 4)
            rounds *= 2;
        else
            samples[i++] = passed / (double)rounds * 1e9;
    }
    return median(samples, options.repeats);
}

// The same with a second thread in the process, asleep: the C library's mutex notices when there
// is none and leaves out the atomic instructions.
static void *keep_company(void *argument) {
    pthread_barrier_wait(argument);
    return NULL;
}

static double measure_in_company(const Kind *kind) {
    pthread_barrier_t end;
    pthread_t handle;
    pthread_barrier_init(&end, NULL, 2);
    if (pthread_create(&handle, NULL, keep_company, &end) != 0)
        fail_start();
    double ns = measure_alone(kind);
    pthread_barrier_wait(&end);
    pthread_join(handle, NULL);
    pthread_barrier_destroy(&end);
    return ns;
}

typedef struct {
    _Alignas(64) pthread_t handle;
    const Kind *kind;
    Work work;
    uint64_t count; // its own, read after it has ended
} Worker;

static pthread_barrier_t gate;
static _Alignas(64) int stop; // written by the main thread

static void *worker_run(void *argument) {
    Worker *worker = argument;
    pthread_barrier_wait(&gate);
    worker->count = worker->kind->contend(&stop, worker->work.inside, worker->work.outside);
    return NULL;
}

typedef struct {
    double rate; // critical sections a second
    double jain; // (sum x)^2 / (n sum x^2), Jain, Chiu and Hawe 1984
    double min_max;
    double cpu;    // processor seconds for each
    bool excluded; // no update of the guarded counter was lost
} Point;

static Point measure_once(const Kind *kind, unsigned threads, Work work) {
    static Worker workers[MAX_THREADS];
    kind->reset();
    __atomic_store_n(&stop, 0, __ATOMIC_RELAXED);
    pthread_barrier_init(&gate, NULL, threads + 1);
    for (unsigned i = 0; i < threads; i++) {
        workers[i] = (Worker){.kind = kind, .work = work};
        if (pthread_create(&workers[i].handle, NULL, worker_run, &workers[i]) != 0)
            fail_start();
    }
    pthread_barrier_wait(&gate);
    double cpu = clock_seconds(CLOCK_PROCESS_CPUTIME_ID), start = clock_seconds(CLOCK_MONOTONIC);
    usleep((useconds_t)(options.seconds * 1e6));
    __atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
    for (unsigned i = 0; i < threads; i++)
        pthread_join(workers[i].handle, NULL);
    double passed = clock_seconds(CLOCK_MONOTONIC) - start;
    cpu = clock_seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    pthread_barrier_destroy(&gate);

    double sum = 0, squares = 0, least = (double)workers[0].count, most = least;
    uint64_t total = 0;
    for (unsigned i = 0; i < threads; i++) {
        double count = (double)workers[i].count;
        total += workers[i].count;
        sum += count;
        squares += count * count;
        least = count < least ? count : least;
        most = count > most ? count : most;
    }
    if (total == 0)
        return (Point){.excluded = kind->counter() == 0};
    return (Point){sum / passed, sum * sum / (threads * squares), least / most, cpu / sum,
                   kind->counter() == total};
}

static Point measure(const Kind *kind, unsigned threads, Work work) {
    double rates[MAX_REPEATS], jains[MAX_REPEATS], shares[MAX_REPEATS], cpus[MAX_REPEATS];
    bool excluded = true;
    for (unsigned i = 0; i < options.repeats; i++) {
        Point point = measure_once(kind, threads, work);
        rates[i] = point.rate;
        jains[i] = point.jain;
        shares[i] = point.min_max;
        cpus[i] = point.cpu;
        excluded = excluded && point.excluded;
    }
    unsigned n = options.repeats;
    return (Point){median(rates, n), median(jains, n), median(shares, n), median(cpus, n),
                   excluded};
}

int main(int argc, char **argv) {
    parse_options(argc, argv);
    bool json = options.json, excluded = true;
    if (json)
        printf("{\"cores\": %ld, \"seconds\": %g, \"repeats\": %u, \"uncontended\": [",
               sysconf(_SC_NPROCESSORS_ONLN), options.seconds, options.repeats);
    else
        printf("uncontended: ns for lock and unlock in a process of one thread, and with another "
               "asleep\n"
               "%-10s %8s %10s %10s\n",
               "mutex", "bytes", "one", "another");
    // All before the first thread is started: the C library does not go back to "one thread".
    double alone[MAX_LIST];
    for (size_t i = 0; i < kind_count; i++)
        alone[i] = options.kinds[i] ? measure_alone(&kinds[i]) : 0;
    const char *comma = "";
    for (size_t i = 0; i < kind_count; i++) {
        if (!options.kinds[i])
            continue;
        double ns = alone[i], company = measure_in_company(&kinds[i]);
        if (json)
            printf("%s\n  {\"mutex\": \"%s\", \"bytes\": %zu, \"ns\": %.2f, \"ns_company\": %.2f}",
                   comma, kinds[i].name, kinds[i].bytes, ns, company);
        else
            printf("%-10s %8zu %10.2f %10.2f\n", kinds[i].name, kinds[i].bytes, ns, company);
        comma = ",";
        fflush(stdout);
    }
    if (json)
        printf("],\n\"contended\": [");
    comma = "";
    for (unsigned w = 0; w < options.work_count; w++) {
        Work work = options.works[w];
        if (!json)
            printf(
                "\n%llu steps of work with the lock, %llu without\n%-10s %8s %10s %8s %8s %10s\n",
                (unsigned long long)work.inside, (unsigned long long)work.outside, "mutex",
                "threads", "ops/us", "Jain", "min/max", "cpu ns/op");
        for (size_t i = 0; i < kind_count; i++) {
            for (unsigned t = 0; options.kinds[i] && t < options.thread_counts; t++) {
                Point point = measure(&kinds[i], options.threads[t], work);
                excluded = excluded && point.excluded;
                if (json)
                    printf("%s\n  {\"mutex\": \"%s\", \"inside\": %llu, \"outside\": %llu, "
                           "\"threads\": %u, \"ops_per_second\": %.0f, \"jain\": %.4f, "
                           "\"min_max\": %.4f, \"cpu_ns\": %.1f, \"excluded\": %s}",
                           comma, kinds[i].name, (unsigned long long)work.inside,
                           (unsigned long long)work.outside, options.threads[t], point.rate,
                           point.jain, point.min_max, point.cpu * 1e9,
                           point.excluded ? "true" : "false");
                else
                    printf("%-10s %8u %10.3f %8.3f %8.3f %10.1f%s\n", kinds[i].name,
                           options.threads[t], point.rate * 1e-6, point.jain, point.min_max,
                           point.cpu * 1e9, point.excluded ? "" : "  DID NOT EXCLUDE");
                comma = ",";
                fflush(stdout);
            }
        }
    }
    if (json)
        printf("]}\n");
    if (!excluded)
        fputs("locks_bench: a mutex did not exclude\n", stderr);
    return excluded ? 0 : 1;
}
