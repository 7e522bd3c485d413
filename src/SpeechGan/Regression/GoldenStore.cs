using System.Text;
using SpeechGan.Runs;

namespace SpeechGan.Regression;

/// <summary>
/// The files of goldens: <c>NAME.verified.txt</c> is approved, <c>NAME.received.txt</c> beside it is what a run gave otherwise. Only
/// accepting turns one into the other, only a person does it, and it is one rename.
/// </summary>
public sealed class GoldenStore
{
    private const string Verified = ".verified.txt";
    private const string Received = ".received.txt";

    private readonly IRunStorage _storage;
    private readonly Func<string, string?> _environment;

    /// <summary>The goldens of a folder.</summary>
    /// <param name="folder">Folder, which exists.</param>
    /// <param name="storage">File events; null: the disk.</param>
    /// <param name="environment">Environment variables by name; null: the process's.</param>
    public GoldenStore(string folder, IRunStorage? storage = null, Func<string, string?>? environment = null)
    {
        Folder = Path.GetFullPath(folder);
        _storage = storage ?? DiskStorage.Instance;
        _environment = environment ?? Environment.GetEnvironmentVariable;
    }

    /// <summary>Full path of the folder.</summary>
    public string Folder { get; }

    /// <summary>Names that have an approved file, in ordinal order.</summary>
    public IReadOnlyList<string> Names => NamesOf(Verified);

    /// <summary>Names with a received file that waits for a decision.</summary>
    public IReadOnlyList<string> Waiting => NamesOf(Received);

    /// <summary>Path of an approved file.</summary>
    public string VerifiedPath(string name) => PathOf(name, Verified);

    /// <summary>Path of a received file.</summary>
    public string ReceivedPath(string name) => PathOf(name, Received);

    /// <summary>Reads an approved golden.</summary>
    /// <exception cref="GoldenException">There is none, or it is not sound.</exception>
    public Golden Read(string name) => ReadFile(VerifiedPath(name));

    /// <summary>Compares a run with its approved golden. Where it differs, or nothing is approved yet, the received file is written beside it; where it does not, an old received file goes.</summary>
    /// <param name="received">What the run gave, with its provenance. Its tolerances count only where nothing is approved yet.</param>
    /// <returns>The comparison; null where nothing is approved yet.</returns>
    /// <exception cref="GoldenException">The approved file is not sound, or the received one cannot be written.</exception>
    public GoldenComparison? Check(Golden received)
    {
        ArgumentNullException.ThrowIfNull(received);
        var verified = _storage.FileExists(VerifiedPath(received.Name)) ? Read(received.Name) : null;
        var comparison = verified?.CompareWith(received.Trajectory, received.Provenance.Host);
        return Guarded(() =>
        {
            if (comparison is null || comparison.Outcome == GoldenOutcome.Differs)
            {
                // The tolerances were approved with the golden; a run does not widen them.
                _storage.Publish(ReceivedPath(received.Name), GoldenText.Write(verified is null ? received : received with { Tolerances = verified.Tolerances }));
            }
            else if (_storage.FileExists(ReceivedPath(received.Name)))
            {
                _storage.DeleteFile(ReceivedPath(received.Name));
            }

            return comparison;
        }, ReceivedPath(received.Name));
    }

    /// <summary>Approves what was received: one rename, so that the old or the new golden is there at every instant.</summary>
    /// <returns>The golden that holds from now on.</returns>
    /// <exception cref="GoldenException">CI=true, nothing was received (somebody else may have accepted it), or it is not sound.</exception>
    public Golden Accept(string name)
    {
        if (_environment("CI") is { Length: > 0 } ci && !ci.Equals("false", StringComparison.OrdinalIgnoreCase) && ci != "0")
        {
            throw new GoldenException($"Golden '{name}' is not accepted: CI={ci}, and only a person approves a golden. Run `speechgan golden approve {name}` on your own machine and commit the file.");
        }

        var path = ReceivedPath(name);
        if (!_storage.FileExists(path))
        {
            throw new GoldenException($"There is nothing to accept for golden '{name}': '{path}' does not exist. It is equal already, or somebody else accepted it.");
        }

        var golden = ReadFile(path);
        if (golden.Name != name)
        {
            throw new GoldenException($"'{path}' is the trajectory of golden '{golden.Name}', not of '{name}'. Remove it, and run the check again.");
        }

        try
        {
            return Guarded(() =>
            {
                _storage.Rename(path, VerifiedPath(name));
                _storage.SyncFolder(Folder);
                return golden;
            }, path);
        }
        catch (GoldenException e) when (e.InnerException is FileNotFoundException)
        {
            throw new GoldenException($"Golden '{name}' was accepted by somebody else at the same time. Look at '{VerifiedPath(name)}'.", e);
        }
    }

    private Golden ReadFile(string path) => Guarded(() => _storage.FileExists(path)
        ? GoldenText.Parse(Encoding.UTF8.GetString(_storage.Read(path)), path)
        : throw new GoldenException($"There is no golden '{path}'. Run the check, look at the received file and approve it."), path);

    private List<string> NamesOf(string suffix) => Guarded(() => _storage.List(Folder).Where(n => n.EndsWith(suffix, StringComparison.Ordinal) && !n.StartsWith(RunStorage.TemporaryPrefix, StringComparison.Ordinal))
        .Select(n => n[..^suffix.Length]).ToList(), Folder);

    private string PathOf(string name, string suffix) => name.Length > 0 && name == Path.GetFileName(name) && name != "." && name != ".." && !name.Any(char.IsControl)
        ? Path.Combine(Folder, name + suffix)
        : throw new GoldenException($"'{name}' cannot be the name of a golden; it becomes the name of a file.");

    private static T Guarded<T>(Func<T> work, string path)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (RunFolderException.IsStorage(e))
        {
            throw new GoldenException(RunFolderException.From(e, "use the golden file", path).Message, e);
        }
    }
}
