using System.Globalization;

namespace SpeechGan.Runs;

/// <summary>Watches the disk while a run trains: a sentence before it is full, once, and again where space came back and went.</summary>
/// <param name="folder">The run's folder.</param>
/// <param name="free">Free bytes there; null where the file system does not tell.</param>
public sealed class DiskWatch(string folder, Func<long?> free)
{
    // Room for this many more: the next one, and one during which somebody can act.
    private const int Ahead = 3;

    private bool told;

    /// <summary>What to tell before a checkpoint is made; null where there is room, or it was told already.</summary>
    /// <param name="checkpoint">Bytes that one takes.</param>
    public string? BeforeCheckpoint(long checkpoint)
    {
        if (free() is not { } left || left >= Ahead * checkpoint)
        {
            told = false;
            return null;
        }

        if (told)
            return null;

        told = true;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"The disk of '{folder}' is nearly full: {DiskUse.Size(left)} are left, and a checkpoint takes {DiskUse.Size(checkpoint)}. "
                + $"Free some space now: at a full disk the run ends, and --resume continues it from its last checkpoint."
        );
    }
}
