using System.Globalization;
using System.Text;
using SpeechGan.Runs;

namespace SpeechGan.Goldens;

/// <summary>
/// The regressions of a project, <c>golden/regressions.jsonl</c>, a line each. A change reads, changes and publishes the whole file under
/// a lock of the kernel, so that two nights at once lose nothing; a file with a line that cannot be read is never written over.
/// </summary>
/// <param name="path">The file; it need not exist.</param>
/// <param name="storage">File events; null: the disk.</param>
public sealed class RegressionLedger(string path, IRunStorage? storage = null)
{
    private const int ShownOfALine = 40;

    /// <summary>Its name in the folder of goldens.</summary>
    public const string FileName = "regressions.jsonl";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30),
        Pause = TimeSpan.FromMilliseconds(50);
    private readonly IRunStorage disk = storage ?? DiskStorage.Instance;

    /// <summary>Full path.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>All regressions by number, and what could not be read, a sentence each.</summary>
    /// <exception cref="GoldenException">The file cannot be read.</exception>
    public (IReadOnlyList<Regression> Regressions, IReadOnlyList<string> Problems) Read() => Guarded("read", () =>
        {
            var problems = new List<string>();
            if (!disk.FileExists(Path))
                return ((IReadOnlyList<Regression>)[], (IReadOnlyList<string>)problems);
            var bytes = disk.Read(Path);
            var regressions = JsonLines.Read<Regression>(bytes, Path, problems);
            if (bytes.Length > 0 && bytes[^1] != (byte)'\n')
            {
                var last = Encoding.UTF8.GetString(bytes.AsSpan(bytes.AsSpan().LastIndexOf((byte)'\n') + 1));
                problems.Add($"'{Path}' is cut off in its last line ({last[..Math.Min(ShownOfALine, last.Length)]}...).");
            }
            problems.AddRange(
                regressions
                    .GroupBy(r => r.Number)
                    .Where(g => g.Count() > 1)
                    .Select(g => string.Create(CultureInfo.InvariantCulture, $"'{Path}' has regression #{g.Key} {g.Count()} times."))
            );
            problems.AddRange(
                regressions
                    .Where(r => r.Number < 1 || r.Goldens.Count == 0)
                    .Select(r =>
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"'{Path}': regression #{r.Number} has {(r.Number < 1 ? "a number below 1" : "no golden")}."
                        )
                    )
            );
            return ([.. regressions.OrderBy(r => r.Number)], problems);
        });

    /// <summary>Records a night: opens regressions for goldens that differ, joins them to open ones, and closes those whose goldens all
    /// hold again.</summary>
    /// <param name="results">What the check gave.</param>
    /// <param name="version">The program's version, with its commit.</param>
    /// <param name="when">Now, UTC.</param>
    /// <param name="approvals">Last approval of a golden; null where it has none. An approval after the opening closes it with its
    /// reason.</param>
    /// <returns>What changed, a sentence each.</returns>
    /// <exception cref="GoldenException">The file is not sound or cannot be written.</exception>
    public IReadOnlyList<string> Record(
        IReadOnlyList<GoldenCheckResult> results,
        string version,
        DateTimeOffset when,
        Func<string, GoldenApproval?> approvals
    ) =>
        Change(all =>
        {
            ArgumentNullException.ThrowIfNull(results);
            var told = new List<string>();
            foreach (var result in results.Where(r => r.State == GoldenState.Differs))
            {
                var (name, worst) = (result.Golden.GoldenName, result.Comparison!.Worst!);
                var at = all.FindIndex(r => r.IsOpen && r.Goldens.Contains(name));
                // The same field of the same epoch, first seen in the same version: one change that shows in several goldens.
                var joined =
                    at < 0
                        ? all.FindIndex(r => r.IsOpen && r.Version == version && r.Field == worst.Metric && r.FirstEpoch == worst.Epoch)
                        : -1;
                if (at >= 0)
                    all[at] = all[at] with { Seen = when, Times = all[at].Times + (all[at].Seen == when ? 0 : 1) };
                else if (joined >= 0)
                {
                    all[joined] = all[joined] with { Goldens = [.. all[joined].Goldens, name], Seen = when };
                    told.Add(string.Create(CultureInfo.InvariantCulture, $"{name} joins regression #{all[joined].Number}."));
                }
                else
                {
                    all.Add(
                        new Regression
                        {
                            Number = all.Select(r => r.Number).DefaultIfEmpty().Max() + 1,
                            Goldens = [name],
                            Field = worst.Metric,
                            FirstEpoch = worst.Epoch,
                            Expected = worst.Expected,
                            Received = worst.Received,
                            Size =
                                double.TryParse(worst.Expected, CultureInfo.InvariantCulture, out var a)
                                && double.TryParse(worst.Received, CultureInfo.InvariantCulture, out var b)
                                    ? Math.Abs(a - b)
                                    : null,
                            Host = result.Received?.Provenance.Host ?? "unknown",
                            Version = version,
                            Opened = when,
                            Seen = when,
                            Times = 1,
                        }
                    );
                    told.Add("Opened " + all[^1].InWords);
                }
            }

            // Closed only by a check of all its goldens on a host of the same kind: another host may not show it.
            var good = results.Where(r => r.IsGood).ToDictionary(r => r.Golden.GoldenName, r => r.Received?.Provenance.Host);
            for (var i = 0; i < all.Count; i++)
            {
                if (!all[i].IsOpen || !all[i].Goldens.All(g => good.TryGetValue(g, out var host) && host == all[i].Host))
                    continue;
                var approval = approvals(all[i].Goldens[0]) is { } last && last.When > all[i].Opened ? last : null;
                all[i] = all[i] with
                {
                    End = approval is null
                        ? new RegressionEnd(when, $"its goldens hold again at {version}", "golden check", version)
                        : new RegressionEnd(approval.When, approval.Reason, approval.By, null),
                };
                told.Add("Closed " + all[i].InWords);
            }
            return told;
        });

    /// <summary>Closes a regression.</summary>
    /// <exception cref="GoldenException">There is none of this number, or it is closed.</exception>
    public Regression Close(int number, RegressionEnd end) =>
        Change(all =>
            Put(all, number, r =>
                r.IsOpen
                    ? r with
                    {
                        End = end,
                    }
                    : throw new GoldenException(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"Regression #{number} is closed already ({r.End!.When:yyyy-MM-dd} by {r.End.By}: {r.End.Reason})."
                        )
                    )
            )
        );

    /// <summary>Links a bisect's verdict to a regression.</summary>
    /// <exception cref="GoldenException">There is none of this number.</exception>
    public Regression Link(int number, RegressionCulprit culprit) => Change(all => Put(all, number, r => r with { Culprit = culprit }));

    /// <summary>Joins a regression to an older one: its goldens go there, and it is closed.</summary>
    /// <exception cref="GoldenException">There is none of a number, they are the same, or one is closed.</exception>
    public Regression Join(int number, int into, DateTimeOffset when, string by) =>
        Change(all =>
        {
            if (number == into)
                throw new GoldenException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"Regression #{number} cannot be joined to itself. Give the number of another."
                    )
                );
            var gone = Find(all, number);
            if (!gone.IsOpen || !Find(all, into).IsOpen)
                throw new GoldenException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"Regression #{(gone.IsOpen ? into : number)} is closed: only open ones are joined."
                    )
                );
            Put(all, number, r =>
                r with
                {
                    JoinedTo = into,
                    End = new RegressionEnd(when, string.Create(CultureInfo.InvariantCulture, $"the same as #{into}"), by, null),
                }
            );
            return Put(all, into, r => r with { Goldens = [.. r.Goldens.Union(gone.Goldens)], Culprit = r.Culprit ?? gone.Culprit });
        });

    private static Regression Find(List<Regression> all, int number) =>
        all.FirstOrDefault(r => r.Number == number)
        ?? throw new GoldenException(
            string.Create(
                CultureInfo.InvariantCulture,
                $"There is no regression #{number}; the ledger has "
                    + $"{(all.Count == 0 ? "none" : $"#{string.Join(", #", all.Select(r => r.Number))}")}."
            )
        );

    private static Regression Put(List<Regression> all, int number, Func<Regression, Regression> change)
    {
        var changed = change(Find(all, number));
        return all[all.FindIndex(r => r.Number == number)] = changed;
    }

    private T Change<T>(Func<List<Regression>, T> change) => Guarded("write", () =>
        {
            using var alone = Lock();
            var (regressions, problems) = Read();
            if (problems.Count > 0)
                throw new GoldenException(
                    $"The ledger is not sound and is not written: {problems[0]} Restore '{Path}' from version control, or repair the line."
                );
            List<Regression> all = [.. regressions];
            var result = change(all);
            if (!all.SequenceEqual(regressions))
                disk.Publish(Path, JsonLines.Encode(all));
            return result;
        });

    // The lock is held for milliseconds: another night is waited for.
    private FileStream Lock()
    {
        for (var waited = TimeSpan.Zero; ; waited += Pause)
        {
            try
            {
                return new FileStream(Path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            // EWOULDBLOCK on Linux and macOS, ERROR_SHARING_VIOLATION on Windows
            catch (IOException e) when ((e.HResult & 0xFFFF) is 11 or 35 or 32)
            {
                if (waited >= Patience)
                    throw new GoldenException(
                        $"Another process has held the ledger '{Path}' for {Patience.TotalSeconds:F0} s. Nothing was recorded: see "
                            + $"that it ends, then do it again."
                    );
                Thread.Sleep(Pause);
            }
        }
    }

    private T Guarded<T>(string verb, Func<T> work) =>
        StorageGuard.Run(work, e => new GoldenException($"Cannot {verb} the ledger '{Path}': {GoldenException.Why(e)}.", e));
}
