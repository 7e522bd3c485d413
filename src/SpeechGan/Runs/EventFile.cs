using System.Globalization;

namespace SpeechGan.Runs;

/// <summary>
/// An event file of TensorBoard in <c>RUN/tensorboard/</c>, one for each start of a run. Every step's record is handed to the system at
/// once, so that it survives the death of this process; a record that was cut short is passed over by readers, and those before it stay.
/// </summary>
public sealed class EventFile : IDisposable
{
    /// <summary>Name of the folder in a run folder.</summary>
    public const string FolderName = "tensorboard";

    private const string Prefix = "events.out.tfevents.";

    private readonly FileStream stream;
    private readonly TimeProvider clock;

    private EventFile(string path, TimeProvider clock)
    {
        // No buffer of our own: what is written is the system's, whatever happens to this process.
        stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        this.clock = clock;
    }

    /// <summary>Full path.</summary>
    public string Path => stream.Name;

    /// <summary>Begins a file; it sorts behind the earlier ones of the run, since TensorBoard reads them in the order of their
    /// names.</summary>
    /// <param name="runFolder">The run's folder.</param>
    /// <param name="firstStep">First step of this start: what earlier files hold from here on is dropped by readers.</param>
    /// <param name="clock">Wall time.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static EventFile Create(string runFolder, long firstStep, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        var folder = Directory.CreateDirectory(System.IO.Path.Combine(runFolder, FolderName)).FullName;
        var second = Math.Max(clock.GetUtcNow().ToUnixTimeSeconds(), LastSecond(folder) + 1);
        var file = new EventFile(
            System.IO.Path.Combine(
                folder,
                string.Create(CultureInfo.InvariantCulture, $"{Prefix}{second:D10}.{Host()}.{Environment.ProcessId}.0")
            ),
            clock
        );
        try
        {
            file.stream.Write(EventEncoding.Version(file.Now()));
            file.stream.Write(EventEncoding.Start(file.Now(), firstStep));
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Adds the scalars of a step; without any, nothing is written.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Append(long step, IReadOnlyCollection<EventScalar> scalars)
    {
        ArgumentNullException.ThrowIfNull(scalars);
        if (scalars.Count > 0)
            stream.Write(EventEncoding.Scalars(Now(), step, scalars));
    }

    /// <summary>Has all records on the disk.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Flush() => stream.Flush(flushToDisk: true);

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();

    private static long LastSecond(string folder) =>
        Directory
            .GetFiles(folder, Prefix + "*")
            .Select(f => System.IO.Path.GetFileName(f)[Prefix.Length..].Split('.')[0])
            .Select(s => long.TryParse(s, NumberStyles.None, CultureInfo.InvariantCulture, out var second) ? second : -1)
            .Append(-1)
            .Max();

    private static string Host() => string.Concat(Environment.MachineName.Select(c => char.IsAsciiLetterOrDigit(c) || c == '-' ? c : '-'));

    private double Now() => (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds;
}
