using System.Threading.Channels;

namespace SpeechGan.Data;

/// <summary>
/// Reads utterances as batches. Batch i of epoch e is a pure function of utterances, options, e and i: neither workers nor where reading
/// began change it.
/// </summary>
public sealed class BatchReader
{
    private readonly IReadOnlyList<Utterance> utterances,
        mixIn;
    private readonly BatchOptions options;
    private readonly CutSampler cuts;
    private int pending;

    /// <summary>Makes a reader.</summary>
    /// <param name="utterances">The training, validation or test part of a corpus.</param>
    /// <param name="options">How they become batches.</param>
    /// <param name="mixIn">Utterances to mix in, with <see cref="BatchOptions.MixInShare"/>; null for none.</param>
    /// <exception cref="CorpusException">There are fewer utterances than one batch takes and partial batches are dropped.</exception>
    /// <exception cref="ArgumentException">The options contradict each other; the message is a sentence.</exception>
    public BatchReader(IReadOnlyList<Utterance> utterances, BatchOptions options, IReadOnlyList<Utterance>? mixIn = null)
    {
        ArgumentNullException.ThrowIfNull(utterances);
        ArgumentNullException.ThrowIfNull(options);
        this.utterances = utterances;
        this.mixIn = mixIn ?? [];
        this.options = options;
        if (utterances.Count == 0)
            throw new ArgumentException("There are no utterances to read.", nameof(utterances));
        Refuse(options.BatchSize < 1, $"A batch of {options.BatchSize} cuts cannot be read; the batch size must be at least 1.");
        Refuse(
            options.Cut != CutPolicy.Full && options.CutSamples < 1,
            $"A cut of {options.CutSamples} samples cannot be taken; it must have at least 1."
        );
        Refuse(
            options.Cut == CutPolicy.Full && options.BatchSize > 1,
            $"Whole utterances (cut policy full) have different lengths and go through one at a time: the batch size must be 1 and is "
                + $"{options.BatchSize}."
        );
        Refuse(options.Workers < 0, $"{options.Workers} workers cannot read; 0 reads without any.");
        Refuse(
            options.ReadAhead < 1,
            $"{options.ReadAhead} batches cannot be read ahead; it must be at least 1 (and 0 workers read none ahead)."
        );
        Refuse(
            !(options.MixInShare >= 0 && options.MixInShare < 1),
            $"data.mixInShare is {options.MixInShare}, and it must be at least 0 and below 1."
        );
        Refuse(
            options.MixInShare > 0 && this.mixIn.Count == 0,
            $"data.mixInShare is {options.MixInShare}, and there are no utterances to mix in."
        );
        Refuse(
            options.Rank < 0 || options.Rank >= options.Ranks,
            $"Rank {options.Rank} of {options.Ranks} cannot read; ranks count from 0 and there is at least one."
        );
        Refuse(
            options.Ranks > 1 && !options.DropLast,
            $"{options.Ranks} ranks read whole batches only: the last partial one must be dropped."
        );
        if (options.DropLast && (long)options.BatchSize * options.Ranks > utterances.Count)
        {
            string part = Path.GetDirectoryName(Path.GetDirectoryName(utterances[0].CleanPath)) ?? "";
            if (options.Ranks > 1)
                throw new CorpusException(
                    part,
                    $"holds {utterances.Count} utterance(s), fewer than one batch of {options.BatchSize} for each of {options.Ranks} "
                        + $"processes: "
                        + "an epoch would have no step. Use a smaller data.batchSize or fewer processes, or add pairs."
                );
            throw new CorpusException(
                part,
                $"holds {utterances.Count} utterance(s), fewer than one batch of {options.BatchSize}: an epoch would have no step. "
                    + $"Use a batch size of {utterances.Count} or less, or add pairs."
            );
        }
        cuts = new CutSampler(options.Cut, options.CutSamples);
    }

    /// <summary>Batches an epoch.</summary>
    public int BatchesPerEpoch =>
        options.DropLast
            ? utterances.Count / (options.BatchSize * options.Ranks)
            : (utterances.Count + options.BatchSize - 1) / options.BatchSize;

    /// <summary>Batches that are being loaded in the background, or wait for a thread to do so.</summary>
    internal int Pending => Volatile.Read(ref pending);

    /// <summary>Reads an epoch's batches in order, loading ahead in the background.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="firstBatch">Where to begin, for resuming: 0 .. <see cref="BatchesPerEpoch"/>.</param>
    /// <param name="cancellation">Ends the reading with <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="AudioFileException">A file cannot be used; thrown when its batch is asked for.</exception>
    public IEnumerable<Batch> Read(long epoch, int firstBatch = 0, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstBatch);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstBatch, BatchesPerEpoch);
        EpochItem[] plan = Plan(epoch);
        return options.Workers == 0
            ? ReadWhenAsked(plan, epoch, firstBatch, cancellation)
            : ReadAhead(plan, epoch, firstBatch, cancellation);
    }

    /// <summary>Loads one batch on the calling thread.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="index">The batch's place in the epoch, from 0.</param>
    /// <exception cref="AudioFileException">A file cannot be used.</exception>
    public Batch Load(long epoch, int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, BatchesPerEpoch);
        return Load(Plan(epoch), epoch, index);
    }

    private EpochItem[] Plan(long epoch) =>
        EpochPlan.Items(utterances.Count, mixIn.Count, options.MixInShare, options.Shuffle, options.Seed, epoch);

    private Batch Load(EpochItem[] plan, long epoch, int index)
    {
        ReadOnlySpan<EpochItem> items = plan.AsSpan(((index * options.Ranks) + options.Rank) * options.BatchSize);
        items = items[..Math.Min(items.Length, options.BatchSize)];
        int size = items.Length,
            samples = 0;
        float[] clean = [],
            noisy = [];
        var names = new string[size];
        var starts = new int[size];
        var mixedIn = new bool[size];
        var silentClean = new bool[size];
        var silentNoisy = new bool[size];
        for (int b = 0; b < size; b++)
        {
            EpochItem item = items[b];
            Utterance utterance = (item.MixedIn ? mixIn : utterances)[item.Index];
            var (cleanClip, noisyClip) = utterance.LoadShared();
            if (b == 0)
            {
                samples = cuts.Length(utterance.Samples); // the same for all, or the only one
                clean = new float[size * samples];
                noisy = new float[size * samples];
            }
            names[b] = utterance.Name;
            mixedIn[b] = item.MixedIn;
            starts[b] = cuts.Start(utterance.Samples, options.Seed, epoch, item.Counter);
            Span<float> cleanCut = clean.AsSpan(b * samples, samples),
                noisyCut = noisy.AsSpan(b * samples, samples);
            CutSampler.Fill(cleanClip, starts[b], cleanCut);
            CutSampler.Fill(noisyClip, starts[b], noisyCut);
            silentClean[b] = Batch.IsSilent(cleanCut);
            silentNoisy[b] = Batch.IsSilent(noisyCut);
        }
        return new Batch
        {
            Clean = clean,
            Noisy = noisy,
            BatchSize = size,
            Samples = samples,
            Names = names,
            Starts = starts,
            MixedIn = mixedIn,
            SilentClean = silentClean,
            SilentNoisy = silentNoisy,
            Epoch = epoch,
            IndexInEpoch = index,
        };
    }

    private IEnumerable<Batch> ReadWhenAsked(EpochItem[] plan, long epoch, int firstBatch, CancellationToken cancellation)
    {
        for (int index = firstBatch; index < BatchesPerEpoch; index++)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return Load(plan, epoch, index);
        }
    }

    // The channel carries tasks, in the order of the batches: whichever worker is done first, the consumer sees the order of the epoch.
    private IEnumerable<Batch> ReadAhead(EpochItem[] plan, long epoch, int firstBatch, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var slots = new SemaphoreSlim(options.Workers);
        var channel = Channel.CreateBounded<Task<Batch>>(
            new BoundedChannelOptions(options.ReadAhead) { SingleReader = true, SingleWriter = true }
        );
        Task producer = Task.Run(() => ProduceAsync(plan, epoch, firstBatch, channel.Writer, slots, stop.Token), CancellationToken.None);
        try
        {
            while (channel.Reader.WaitToReadAsync(cancellation).AsTask().GetAwaiter().GetResult())
            {
                while (channel.Reader.TryRead(out Task<Batch>? batch))
                {
                    cancellation.ThrowIfCancellationRequested();
                    yield return batch.GetAwaiter().GetResult();
                }
            }
            cancellation.ThrowIfCancellationRequested();
        }
        finally
        {
            // Also when the consumer leaves early or a file failed: nothing goes on in the background after this.
            stop.Cancel();
            producer.Wait(CancellationToken.None);
            while (channel.Reader.TryRead(out Task<Batch>? batch))
                Settle(batch);
        }
    }

    private async Task ProduceAsync(
        EpochItem[] plan,
        long epoch,
        int firstBatch,
        ChannelWriter<Task<Batch>> writer,
        SemaphoreSlim slots,
        CancellationToken stop
    )
    {
        Task<Batch>? latest = null;
        try
        {
            for (int index = firstBatch; index < BatchesPerEpoch; index++)
            {
                await slots.WaitAsync(stop).ConfigureAwait(false);
                int mine = index;
                Interlocked.Increment(ref pending);
                latest = Task.Run(() => LoadThenRelease(plan, epoch, mine, slots), CancellationToken.None);
                await writer.WriteAsync(latest, stop).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            if (latest is not null)
                Settle(latest); // it may not have reached the channel
        }
        finally
        {
            writer.Complete();
        }
    }

    private Batch LoadThenRelease(EpochItem[] plan, long epoch, int index, SemaphoreSlim slots)
    {
        try
        {
            return Load(plan, epoch, index);
        }
        finally
        {
            Interlocked.Decrement(ref pending);
            slots.Release();
        }
    }

    // Waits for a batch that is no longer wanted; its failure is not reported.
    private static void Settle(Task<Batch> batch)
    {
        try
        {
            batch.Wait(CancellationToken.None);
        }
        catch (AggregateException)
        {
            // observed
        }
    }

    private static void Refuse(bool wrong, string sentence)
    {
        if (wrong)
            throw new ArgumentException(sentence);
    }
}
