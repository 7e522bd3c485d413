using System.Text;
using SpeechGan.Runs;

namespace SpeechGan.Goldens;

/// <summary>
/// The files of goldens: <c>NAME.verified.txt</c> is approved, <c>NAME.received.txt</c> beside it is what a run gave otherwise,
/// <c>NAME.history.jsonl</c>
/// tells who approved what, when and why. Only approving turns a received file into the approved one, and only a person does it.
/// </summary>
public sealed class GoldenStore
{
    private const string Verified = ".verified.txt";
    private const string Received = ".received.txt";
    private const string HistoryEnding = ".history.jsonl";

    private readonly IRunStorage storage;
    private readonly Func<string, string?> environment;
    private readonly string? received;

    /// <summary>The goldens of a folder.</summary>
    /// <param name="folder">Folder, which exists.</param>
    /// <param name="storage">File events; null: the disk.</param>
    /// <param name="environment">Environment variables by name; null: the process's.</param>
    /// <param name="received">Folder, made if need be, that takes received files in place of the goldens' own: there they are written on
    /// continuous integration too. Null: beside the goldens.</param>
    /// <param name="options">Options that name this folder on the command line, with a blank in front: for the commands in
    /// sentences.</param>
    public GoldenStore(
        string folder,
        IRunStorage? storage = null,
        Func<string, string?>? environment = null,
        string? received = null,
        string options = ""
    )
    {
        Options = options;
        Folder = Path.GetFullPath(folder);
        this.received = received is null ? null : Path.GetFullPath(received);
        this.storage = storage ?? DiskStorage.Instance;
        this.environment = environment ?? Environment.GetEnvironmentVariable;
    }

    /// <summary>Full path of the folder.</summary>
    public string Folder { get; }

    /// <summary>Options that name this folder on the command line; empty where commands find it by themselves.</summary>
    public string Options { get; }

    /// <summary>Names that have an approved file, in ordinal order.</summary>
    public IReadOnlyList<string> Names => NamesOf(Verified);

    /// <summary>Names with a received file that waits for a decision.</summary>
    public IReadOnlyList<string> Waiting => NamesOf(Received, ReceivedFolder);

    /// <summary>Whether this is continuous integration, where nothing is written beside goldens and nothing approved.</summary>
    public bool OnContinuousIntegration => ContinuousIntegration is not null;

    private string? ContinuousIntegration =>
        environment("CI") is { Length: > 0 } ci && !ci.Equals("false", StringComparison.OrdinalIgnoreCase) && ci != "0" ? ci : null;

    /// <summary>Full path of the folder that takes received files.</summary>
    public string ReceivedFolder => received ?? Folder;

    /// <summary>Whether a check writes what it received: nothing is written beside goldens on continuous integration.</summary>
    public bool KeepsReceived => received is not null || !OnContinuousIntegration;

    /// <summary>Path of an approved file.</summary>
    public string VerifiedPath(string name) => PathOf(name, Verified);

    /// <summary>Path of a received file.</summary>
    public string ReceivedPath(string name) => PathOf(name, Received, ReceivedFolder);

    /// <summary>Path of a history.</summary>
    public string HistoryPath(string name) => PathOf(name, HistoryEnding);

    /// <summary>Whether a golden is approved.</summary>
    public bool IsApproved(string name) => storage.FileExists(VerifiedPath(name));

    /// <summary>Whether a received file waits.</summary>
    public bool IsWaiting(string name) => storage.FileExists(ReceivedPath(name));

    /// <summary>Reads an approved golden.</summary>
    /// <exception cref="GoldenException">There is none, or it is not sound.</exception>
    public Golden Read(string name) => ReadFile(VerifiedPath(name)).Golden;

    /// <summary>Reads a received file.</summary>
    /// <returns>The golden that could be approved, and the SHA-256 of its file.</returns>
    /// <exception cref="GoldenException">There is none, or it is not sound.</exception>
    public (Golden Golden, string Digest) ReadReceived(string name)
    {
        var (golden, text) = ReadFile(ReceivedPath(name));
        return (golden, GoldenHistory.DigestOf(text));
    }

    /// <summary>The chain of a golden's approvals, held against the approved file.</summary>
    /// <exception cref="GoldenException">The chain is broken, or the approved file is not the one last approved.</exception>
    public GoldenHistory History(string name) =>
        Guarded(
            () =>
            {
                var path = HistoryPath(name);
                return storage.FileExists(path) ? GoldenHistory.Parse(TextOf(path), path, VerifiedDigest(name)) : GoldenHistory.None;
            },
            HistoryPath(name)
        );

    /// <summary>Compares a run with its approved golden. Where it differs, or nothing is approved yet, the received file is written beside
    /// it; where it does not, an old received file goes. On continuous integration nothing is written, but where a folder for received
    /// files was given.</summary>
    /// <param name="received">What the run gave, with its provenance and the tolerances that would be approved with it; the approved ones
    /// decide the comparison.</param>
    /// <param name="keep">Whether it is written where nothing differs, too: for figures of performance that the golden lacks.</param>
    /// <returns>The comparison; null where nothing is approved yet.</returns>
    /// <exception cref="GoldenException">The approved file is not sound, or the received one cannot be written.</exception>
    public GoldenComparison? Check(Golden received, bool keep = false)
    {
        ArgumentNullException.ThrowIfNull(received);
        var verified = IsApproved(received.Name) ? Read(received.Name) : null;
        var comparison = verified?.CompareWith(received.Trajectory, received.Provenance.Host);
        if (!KeepsReceived)
            return comparison;

        return Guarded(
            () =>
            {
                if (this.received is not null)
                    storage.CreateFolder(this.received);

                // Other tolerances are a change, too: a table that was measured anew holds once it is approved.
                if (
                    verified is null
                    || keep
                    || comparison!.Outcome == GoldenOutcome.Differs
                    || !verified.Tolerances.All.SequenceEqual(received.Tolerances.All)
                )
                {
                    KeepSet(received, ReceivedFolder);
                    storage.Publish(ReceivedPath(received.Name), GoldenText.Write(received));
                }
                else if (IsWaiting(received.Name))
                {
                    storage.DeleteFile(ReceivedPath(received.Name));
                }

                return comparison;
            },
            ReceivedPath(received.Name)
        );
    }

    /// <summary>Lays a golden beside the approved ones, where it can be looked at and approved.</summary>
    /// <param name="golden">What could be approved.</param>
    /// <exception cref="GoldenException">It cannot be written.</exception>
    public void Lay(Golden golden)
    {
        ArgumentNullException.ThrowIfNull(golden);
        Guarded(
            () =>
            {
                storage.CreateFolder(ReceivedFolder);
                KeepSet(golden, ReceivedFolder);
                storage.Publish(ReceivedPath(golden.Name), GoldenText.Write(golden));
                return true;
            },
            ReceivedPath(golden.Name)
        );
    }

    /// <summary>
    /// Approves what was received. First the history is published with the approval, then the received file is renamed into place: at every
    /// instant the old or the new golden is there, and a history that is one approval ahead tells of an interrupted one.
    /// </summary>
    /// <returns>The golden that holds from now on.</returns>
    /// <exception cref="GoldenException">CI=true, no name or reason, nothing was received (somebody else may have approved it), it is not
    /// sound or not what was looked at, or drift.</exception>
    public Golden Approve(string name, ApprovalRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        RequirePerson(name, request);
        var path = ReceivedPath(name);
        if (received is not null)
            throw new InvalidOperationException("A received file is approved from the folder of goldens: call Bring first.");

        return Guarded(
            () =>
            {
                using var alone = ApprovalLock.Take(Folder);
                return Approved(name, path, request);
            },
            path
        );
    }

    private void RequirePerson(string name, ApprovalRequest request)
    {
        if (ContinuousIntegration is { } ci)
            throw new GoldenException(
                $"Golden '{name}' is not approved: CI={ci}, and only a person approves a golden. Run `speechgan golden approve "
                    + $"{name}{Options}` "
                    + $"on your own machine and commit the files."
            );

        if (string.IsNullOrWhiteSpace(request.By) || string.IsNullOrWhiteSpace(request.Reason))
            throw new GoldenException(
                $"Golden '{name}' is not approved: "
                    + (
                        string.IsNullOrWhiteSpace(request.By)
                            ? "the approver's name is not known; set it with `git config user.name NAME`."
                            : "no reason was given; say with --reason TEXT why the change is right."
                    )
            );
    }

    private Golden Approved(string name, string path, ApprovalRequest request)
    {
        if (!storage.FileExists(path))
            throw new GoldenException(
                $"There is nothing to approve for golden '{name}': '{path}' does not exist. It is equal already, or somebody "
                    + $"else approved it."
            );

        var (golden, text) = ReadFile(path);
        if (golden.Name != name)
            throw new GoldenException(
                $"'{path}' is the trajectory of golden '{golden.Name}', not of '{name}'. Remove it, and run the check again."
            );

        if (request.Seen is { } seen && seen != GoldenHistory.DigestOf(text))
            throw new GoldenException(
                $"Golden '{name}' is not approved: '{path}' is not what you looked at; another run wrote it meanwhile. Look "
                    + $"again with `speechgan golden diff {name}{Options}`."
            );

        var history = History(name);
        var replaced = VerifiedDigest(name);
        // The first approval that is recorded may replace a golden from before there were histories: that one was approved first.
        var anchor = history.Anchor(SetOf) ?? (replaced is null ? null : Read(name));
        var drift = anchor is null ? [] : GoldenDrift.Of(anchor, golden.Trajectory);
        if (drift.Count > 0 && !request.AcceptDrift)
            throw new GoldenException(GoldenDrift.Sentence(name, anchor!, drift));

        var newAnchor =
            drift.Count > 0 || anchor is null ? text
            : history.Effective.Count == 0 ? GoldenText.Write(anchor)
            : null;
        storage.Publish(HistoryPath(name), history.With(request, text, replaced, newAnchor, drifted: drift.Count > 0));
        storage.Rename(path, VerifiedPath(name));
        storage.SyncFolder(Folder);
        return golden;
    }

    /// <summary>Lays a file that a check received elsewhere (on continuous integration, <c>--received DIR</c>) beside the golden, where it
    /// can be looked at and approved.</summary>
    /// <param name="name">Name of the golden.</param>
    /// <param name="folder">The folder that the check was given.</param>
    /// <exception cref="GoldenException">It is not there, not sound or of another golden, or another one waits already.</exception>
    public void Bring(string name, string folder)
    {
        var from = PathOf(name, Received, Path.GetFullPath(folder));
        var path = ReceivedPath(name);
        var (golden, text) = ReadFile(from);
        if (golden.Name != name)
            throw new GoldenException($"'{from}' is the trajectory of golden '{golden.Name}', not of '{name}'. Download the folder again.");

        Guarded(
            () =>
            {
                if (storage.FileExists(path) && TextOf(path) != text)
                    throw new GoldenException($"'{path}' waits already and is not the file of '{folder}'. Approve or remove it first.");

                KeepSet(golden, Folder);
                storage.Publish(path, text);
                return true;
            },
            path
        );
    }

    /// <summary>Whether a folder holds a received file of a golden.</summary>
    public bool IsWaitingIn(string name, string folder) => storage.FileExists(PathOf(name, Received, Path.GetFullPath(folder)));

    /// <summary>Files that nothing uses, a sentence each: goldens and histories without a scenario, received files that wait, leftovers of
    /// writes that did not end.</summary>
    /// <param name="known">Names of all goldens there should be.</param>
    public IReadOnlyList<string> Leftovers(IReadOnlyCollection<string> known)
    {
        ArgumentNullException.ThrowIfNull(known);
        return
        [
            .. Names
                .Where(n => !known.Contains(n))
                .Select(n => $"'{VerifiedPath(n)}' belongs to no scenario: nothing checks it. Remove it, or restore the scenario."),
            .. NamesOf(HistoryEnding)
                .Where(n => !known.Contains(n) && !IsApproved(n))
                .Select(n => $"'{HistoryPath(n)}' belongs to no scenario. Remove it, or restore the scenario."),
            .. Waiting.Select(n =>
                known.Contains(n)
                    ? $"'{ReceivedPath(n)}' waits for a decision: look with `speechgan golden diff {n}{Options}`, then approve it or "
                        + $"remove it."
                    : $"'{ReceivedPath(n)}' belongs to no scenario. Remove it."
            ),
            .. Guarded(() => storage.List(Folder), Folder)
                .Where(n => n.StartsWith(RunStorage.TemporaryPrefix, StringComparison.Ordinal))
                .Select(n => $"'{Path.Combine(Folder, n)}' was left by a write that was interrupted. Remove it."),
        ];
    }

    // Named by its own digest: whoever writes it writes the same bytes.
    private void KeepSet(Golden golden, string folder)
    {
        var path = Path.Combine(folder, ToleranceSet.DigestOf(golden.Tolerances) + ToleranceSet.Ending);
        if (golden is { Format: >= GoldenFormat.SharedTolerances, Tolerances.All.Count: > 0 } && !storage.FileExists(path))
            storage.Publish(path, ToleranceSet.Write(golden.Tolerances));
    }

    private Tolerances SetOf(string digest) => SetOf(digest, Folder);

    private Tolerances SetOf(string digest, string folder)
    {
        var path = Path.Combine(folder, digest + ToleranceSet.Ending);
        return storage.FileExists(path)
            ? ToleranceSet.Parse(TextOf(path), digest, path)
            : throw new GoldenException(
                $"The tolerances that a golden was approved with are missing: there is no '{path}'. Restore it from version control."
            );
    }

    private string TextOf(string path) => Encoding.UTF8.GetString(storage.Read(path));

    private string? VerifiedDigest(string name) => IsApproved(name) ? GoldenHistory.DigestOf(TextOf(VerifiedPath(name))) : null;

    private (Golden Golden, string Text) ReadFile(string path) =>
        Guarded(
            () =>
            {
                if (!storage.FileExists(path))
                    throw new GoldenException($"There is no golden '{path}'. Run the check, look at the received file and approve it.");

                var text = TextOf(path);
                return (GoldenText.Parse(text, path, digest => SetOf(digest, Path.GetDirectoryName(path)!)), text);
            },
            path
        );

    private List<string> NamesOf(string suffix, string? folder = null) =>
        Guarded(
            () =>
                (folder is not null && !storage.FolderExists(folder) ? [] : storage.List(folder ?? Folder))
                    .Where(n =>
                        n.EndsWith(suffix, StringComparison.Ordinal) && !n.StartsWith(RunStorage.TemporaryPrefix, StringComparison.Ordinal)
                    )
                    .Select(n => n[..^suffix.Length])
                    .ToList(),
            folder ?? Folder
        );

    private string PathOf(string name, string suffix, string? folder = null) =>
        name.Length > 0 && name == Path.GetFileName(name) && name != "." && name != ".." && !name.Any(char.IsControl)
            ? Path.Combine(folder ?? Folder, name + suffix)
            : throw new GoldenException($"'{name}' cannot be the name of a golden; it becomes the name of a file.");

    private static T Guarded<T>(Func<T> work, string path) =>
        StorageGuard.Run(work, e => new GoldenException(
            $"Cannot use the golden file '{path}': {GoldenException.Why(e)}. The approved golden is intact: remove the cause, then "
                + $"do it again.",
            e
        ));
}
