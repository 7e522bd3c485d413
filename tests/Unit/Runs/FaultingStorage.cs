using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Runs;

/// <summary>The process is thought dead: thrown by <see cref="FaultingStorage"/> at its event, and at every later one.</summary>
internal sealed class StoppedDeadException() : Exception("The process stopped dead at this file event.");

/// <summary>
/// File events with a planned fault, for tests of what a kill or a full disk leaves behind. Events that change something are
/// counted from 1; at the planned one the disk fails once, fails for good, or the process stops dead. A write is left torn: the given
/// share of its bytes is there.
/// </summary>
internal sealed class FaultingStorage(IRunStorage inner) : IRunStorage
{
    private const int NoSpaceLeft = 28;

    private long at = long.MaxValue;
    private double torn;
    private Fault fault;
    private bool dead;

    private enum Fault
    {
        FailOnce,
        FailForGood,
        StopDead,
    }

    /// <summary>Changing events so far: a first pass without a fault tells how many there are to go through.</summary>
    public long Events { get; private set; }

    /// <summary>What each event was, for the message of a failing test.</summary>
    public List<string> Log { get; } = [];

    /// <summary>The process stops dead at this event (from 1): a write leaves the given share of its bytes, another event does not
    /// happen.</summary>
    public FaultingStorage StopDeadAt(long number, double torn = 0) => Plan(number, Fault.StopDead, torn);

    /// <summary>The disk is full from this event on: a write leaves the given share of its bytes and throws, deleting still
    /// works.</summary>
    public FaultingStorage DiskFullFrom(long number, double torn = 0) => Plan(number, Fault.FailForGood, torn);

    /// <summary>This one event fails with an I/O error.</summary>
    public FaultingStorage FailAt(long number, double torn = 0) => Plan(number, Fault.FailOnce, torn);

    public bool FileExists(string path) => Alive(() => inner.FileExists(path));

    public bool FolderExists(string path) => Alive(() => inner.FolderExists(path));

    public IReadOnlyList<string> List(string folder) => Alive(() => inner.List(folder));

    public long Length(string path) => Alive(() => inner.Length(path));

    public byte[] Read(string path) => Alive(() => inner.Read(path));

    public void CreateFolder(string path) => Event("create " + path, () => inner.CreateFolder(path));

    public void Write(string path, ReadOnlyMemory<byte> bytes) =>
        Event("write " + path, () => inner.Write(path, bytes), share => inner.Write(path, Part(bytes, share)));

    public void Append(string path, ReadOnlyMemory<byte> bytes) =>
        Event("append " + path, () => inner.Append(path, bytes), share => inner.Append(path, Part(bytes, share)));

    public void Sync(string path) => Event("sync " + path, () => inner.Sync(path));

    public void SyncFolder(string path) => Event("sync folder " + path, () => inner.SyncFolder(path));

    public void Truncate(string path, long length) => Event("truncate " + path, () => inner.Truncate(path, length));

    public void Rename(string from, string to) => Event($"rename {from} to {to}", () => inner.Rename(from, to));

    public void DeleteFile(string path) => Event("delete " + path, () => inner.DeleteFile(path), deletes: true);

    public void DeleteFolder(string path) => Event("delete folder " + path, () => inner.DeleteFolder(path), deletes: true);

    private static ReadOnlyMemory<byte> Part(ReadOnlyMemory<byte> bytes, double share) => bytes[..(int)(bytes.Length * share)];

    private FaultingStorage Plan(long number, Fault fault, double torn)
    {
        (at, this.fault, this.torn) = (number, fault, torn);
        return this;
    }

    private T Alive<T>(Func<T> look) => dead ? throw new StoppedDeadException() : look();

    private void Event(string what, Action whole, Action<double>? part = null, bool deletes = false)
    {
        if (dead)
            throw new StoppedDeadException();

        Events++;
        Log.Add(what);
        if (Events < at || (Events > at && fault != Fault.FailForGood) || (fault == Fault.FailForGood && deletes))
        {
            whole();
            return;
        }

        if (part is not null && torn > 0)
            part(torn);

        if (fault == Fault.StopDead)
        {
            dead = true;
            throw new StoppedDeadException();
        }

        throw fault == Fault.FailForGood
            ? new IOException($"No space left on device : '{what}'", NoSpaceLeft)
            : new IOException($"Input/output error : '{what}'", 5);
    }
}
