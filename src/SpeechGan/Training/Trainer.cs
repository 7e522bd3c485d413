using System.Diagnostics;
using SpeechGan.Data;
using SpeechGan.Diagnostics;
using SpeechGan.Distributed;
using SpeechGan.Engine;
using SpeechGan.Evaluation;
using SpeechGan.Kernels.SelfTest;
using SpeechGan.Runs;
using SpeechGan.Training.Checks;
using static TorchSharp.torch;

namespace SpeechGan.Training;

/// <summary>
/// The whole life of a run: reconstruction checks, epochs of steps, validation, the discriminator's rate, checkpoints, and the test at the
/// end. Interrupted at any instant and resumed, it ends with the same bits as if it had never stopped.
/// </summary>
/// <remarks>
/// In a group every rank runs the same loop on its part of each batch and holds the same weights; rank 0 alone has the run folder, reads
/// checkpoints for all and writes.
/// </remarks>
public sealed class Trainer : IDisposable
{
    // Rank 0 checks alone, at full size for longer than any other thing that one rank does: the others wait at least so long.
    private static readonly TimeSpan ChecksAlone = TimeSpan.FromMinutes(1);

    private readonly RunFolder? folder; // null on ranks other than 0
    private readonly RunConfig config;
    private readonly PairedCorpus corpus;
    private readonly ITrainingProgress progress;
    private readonly IProcessGroup group;
    private readonly Replicas replicas;
    private readonly CheckpointStore? checkpoints;
    private readonly DiskWatch? diskWatch;
    private readonly Networks networks;
    private readonly TrainStep trainStep;
    private readonly SharedEvaluation evaluation;
    private readonly Enhancer enhancer;
    private readonly BatchReader batches;
    private readonly FaultPoints faults;
    private readonly TestedKernels kernels;
    private RunState state = new();
    private RunWatch? watch; // rank 0's, once the run begins
    private DiskUse? disk; // rank 0's, once the run begins
    private Finding? stoppedBy;
    private bool unsaved; // steps taken since the last checkpoint

    /// <summary>Prepares a run; the networks get the seed's initial values.</summary>
    /// <param name="folder">The run's open folder; its configuration decides everything.</param>
    /// <param name="corpus">Training, validation and test utterances.</param>
    /// <param name="progress">Told what happens.</param>
    /// <exception cref="CorpusException">The corpus has fewer utterances than a batch takes.</exception>
    /// <exception cref="StateDictException">A file of initial weights is of other sizes.</exception>
    public Trainer(RunFolder folder, PairedCorpus corpus, ITrainingProgress progress)
        : this(folder ?? throw new ArgumentNullException(nameof(folder)), folder.Config, corpus, progress, SoleProcess.Instance) { }

    /// <summary>Prepares one rank of a run; rank 0's initial values are everybody's.</summary>
    /// <param name="folder">The run's open folder on rank 0, null on the others.</param>
    /// <param name="config">The run's configuration, the same on all ranks but for the device.</param>
    /// <param name="corpus">Training, validation and test utterances.</param>
    /// <param name="progress">Told what happens.</param>
    /// <param name="group">The processes of the run.</param>
    /// <exception cref="CorpusException">The corpus has fewer utterances than a batch takes.</exception>
    /// <exception cref="StateDictException">A file of initial weights is of other sizes.</exception>
    /// <exception cref="GroupException">A rank is gone.</exception>
    /// <exception cref="KernelException">This machine computes the networks wrongly.</exception>
    /// <param name="tested">What <see cref="Check"/> gave; null: the kernels are tested here.</param>
    public Trainer(
        RunFolder? folder,
        RunConfig config,
        PairedCorpus corpus,
        ITrainingProgress progress,
        IProcessGroup group,
        TestedKernels? tested = null
    )
        : this(folder, config, corpus, progress, group, FaultPoints.None, tested) { }

    internal Trainer(
        RunFolder? folder,
        RunConfig config,
        PairedCorpus corpus,
        ITrainingProgress progress,
        IProcessGroup group,
        FaultPoints faults,
        TestedKernels? tested = null
    )
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(corpus);
        ArgumentNullException.ThrowIfNull(group);
        (this.folder, this.config, this.corpus, this.progress, this.group, this.faults) = (folder, config, corpus, progress, group, faults);
        batches = new BatchReader(corpus.Train, TrainingBatches.Options(config, group), corpus.MixIn);
        set_num_threads(config.Train.Threads);
        group.Together(() => tested ??= KernelSelfTest.Run(config, TestPurpose.Training, faults.Kernels));
        kernels = tested!;
        networks = new Networks(config, tested);
        trainStep = new TrainStep(networks, config, group, faults);
        evaluation = new SharedEvaluation(new Evaluator(config), group);
        enhancer = new Enhancer(networks.Generator, networks.Spectrum);
        replicas = new Replicas(group, networks, config.Train);
        checkpoints = folder?.Checkpoints;
        diskWatch = folder is null ? null : new DiskWatch(folder.Root, () => DiskUse.Free(folder.Root));
        group.Together(() => InitialWeights.Load(networks, config));
        replicas.ShareAll();
        OnFirst(() => folder!.Note(tested!.Record));
        if (tested!.Sentence is { } sentence)
            progress.Note(sentence);
    }

    /// <summary>Whether a cause that is confirmed while it trains ends the run, as a wish to stop does.</summary>
    public bool StopOnConfirmed { get; init; }

    /// <summary>The confirmed cause that ended the run; null where none did.</summary>
    public Finding? StoppedBy => stoppedBy;

    private int StepsPerEpoch =>
        config.Train.StepsPerEpoch == 0 ? batches.BatchesPerEpoch : Math.Min(config.Train.StepsPerEpoch, batches.BatchesPerEpoch);

    /// <summary>Finds out before a run folder is made whether a run can be: enough utterances for a batch, initial weights that
    /// fit.</summary>
    /// <exception cref="CorpusException">The corpus has fewer utterances than a batch takes.</exception>
    /// <exception cref="StateDictException">A file of initial weights is missing or of other sizes.</exception>
    /// <exception cref="EngineException">The device is not there.</exception>
    /// <exception cref="KernelException">This machine computes the networks wrongly.</exception>
    /// <param name="config">The run's configuration.</param>
    /// <param name="corpus">Its corpus.</param>
    /// <param name="group">The processes of the run; null: this one alone.</param>
    /// <returns>The kernels that the self-test found right.</returns>
    public static TestedKernels Check(RunConfig config, PairedCorpus corpus, IProcessGroup? group = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(corpus);
        _ = new BatchReader(corpus.Train, TrainingBatches.Options(config, group ?? SoleProcess.Instance), corpus.MixIn);
        set_num_threads(config.Train.Threads);
        var tested = KernelSelfTest.Run(config, TestPurpose.Training);
        if (config.Train.InitGenerator.Length + config.Train.InitDiscriminator.Length > 0)
        {
            using var rehearsal = new Networks(config, tested);
            InitialWeights.Load(rehearsal, config);
        }
        return tested;
    }

    /// <summary>Goes back to the newest sound checkpoint, or to the beginning where there is none.</summary>
    public void Resume()
    {
        group.Doing = "resuming";
        CheckpointSearch? search = null;
        OnFirst(() => search = checkpoints!.FindLast());
        foreach (var problem in search?.Problems ?? [])
            progress.Note(problem.Sentence);
        if (SharedCheckpoint.OfFirst(group, search?.Found) is { } found)
        {
            state = faults.Resumed(CheckpointParts.Restore(found, networks));
            OnFirst(() => checkpoints!.ContinueFrom(found));
            OnFirst(() => folder!.Note(Resumptions.Of(found, networks, state, config)));
            progress.Note($"Continuing from checkpoint {found.Name}: {state.Step} steps done.");
        }
        else
        {
            progress.Note("There is no checkpoint yet: starting from the beginning.");
        }
        OnFirst(() => folder!.RewindTo(state.Positions));
    }

    /// <summary>Begins where another run's checkpoint stood: weights, optimisers and epoch are its, the record and what trains on are this
    /// run's.</summary>
    /// <param name="checkpoint">Made at the end of an epoch, of networks of these sizes.</param>
    /// <exception cref="StateDictException">The checkpoint is of other sizes.</exception>
    internal void StartFrom(Checkpoint checkpoint) =>
        state = CheckpointParts.Restore(checkpoint, networks) with { Positions = RunPositions.Start };

    /// <summary>Trains until the last epoch is done.</summary>
    /// <param name="stop">Asks for an end after the current step; a checkpoint is made there.</param>
    /// <returns>Whether the run is complete.</returns>
    /// <exception cref="NonFiniteException">A loss or gradient is not finite.</exception>
    public bool Run(CancellationToken stop = default)
    {
        if (folder is not null)
        {
            var record = RunRecord.Load(folder.Root);
            watch = new RunWatch(record);
            trainStep.Continue(record.StepsWhere(s => s.Step == state.Step).LastOrDefault());
            disk = TrainingDisk.Of(networks, config, StepsPerEpoch, corpus.Valid.Count, state.Epoch);
            progress.Note(disk.Sentence(DiskUse.Free(folder.Root)));
        }
        AuditCorpus(stop);
        if (state.Step == 0)
            CheckReconstruction();
        Diagnose();
        if (group.Any(stoppedBy is not null))
            return Interrupt();
        for (var epoch = state.Epoch + 1; epoch <= config.Train.Epochs; epoch++)
        {
            // 1. Rates: functions of the epoch.
            SetRates(epoch);

            // 2. Steps: batch i of epoch e is a function of seed, e and i, so an interrupted epoch goes on where it was.
            progress.EpochStarted(epoch, config.Train.Epochs, StepsPerEpoch, state.StepInEpoch);
            networks.Train(true);
            var training = Stopwatch.StartNew();
            var steps = state.StepInEpoch == 0 || folder is null ? [] : new List<StepTelemetry>(folder.StepsOf(epoch));
            using var reader = batches.Read(epoch, state.StepInEpoch, CancellationToken.None).GetEnumerator();
            while (state.StepInEpoch < StepsPerEpoch)
            {
                group.Doing = $"epoch {epoch}, step {state.Step + 1}";
                // A wish to stop, or a batch that cannot be read, on any rank is everybody's.
                if (group.ShareTogether(() => stop.IsCancellationRequested || !reader.MoveNext()).Contains(true))
                    return Interrupt();
                if (faults.Skips(reader.Current, epoch, state.Step + 1))
                {
                    state = state with { StepInEpoch = state.StepInEpoch + 1 };
                    continue;
                }
                var step = TakeStep(reader.Current, epoch);
                folder?.Append(step);
                steps.Add(step);
                progress.StepTaken(step);
                state = state with { Step = state.Step + 1, StepInEpoch = state.StepInEpoch + 1 };
                unsaved = true;
                if (config.Train.ReplicaCheckSteps > 0 && state.Step % config.Train.ReplicaCheckSteps == 0)
                    replicas.Compare(state.Step);
                if (
                    config.Checkpoint.EverySteps > 0
                    && state.StepInEpoch % config.Checkpoint.EverySteps == 0
                    && state.StepInEpoch < StepsPerEpoch
                )
                    Save();
            }

            // 3. The epoch in numbers, its validation, and what the discriminator's rate says.
            group.Doing = $"the end of epoch {epoch}";
            var telemetry = Summarise(epoch, steps, reader.Current, training.Elapsed, out var isBest);
            folder?.Append(telemetry);
            progress.EpochCompleted(telemetry, RateVerdict.Of(telemetry), isBest);

            // 4. Everything on the disk, published by one rename.
            state = state with { Epoch = epoch, StepInEpoch = 0 };
            if (isBest || epoch % config.Checkpoint.EveryEpochs == 0 || epoch == config.Train.Epochs)
                Save();
            watch?.Add(telemetry, steps);
            Diagnose();
            if (epoch < config.Train.Epochs && group.Any(stop.IsCancellationRequested || stoppedBy is not null))
                return Interrupt();
        }
        Test();
        OnFirst(() => folder!.Complete());
        return true;
    }

    private StepTelemetry TakeStep(Batch batch, int epoch)
    {
        try
        {
            return trainStep.Run(batch, epoch, state.Step + 1);
        }
        catch (NonFiniteException e)
        {
            // No line of steps.jsonl tells of a step that was not taken.
            folder?.Note(new NonFiniteValue(e.Epoch, e.Step, e.Message));
            DiagnoseEnd();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => networks.Dispose();

    private void AuditCorpus(CancellationToken stop) => Patiently("the audit of the corpus", () => OnFirst(() =>
            {
                var (report, note) = StartAudit.Of(folder!, watch!.Audit, corpus.Root, config.Data.Workers, stop);
                watch.Audit = report;
                if (note is not null)
                    progress.Note(note);
            }));

    // What rank 0 does alone for long: the others wait for it longer than they wait for each other.
    private void Patiently(string doing, Action work)
    {
        group.Doing = doing;
        var deadline = group.Deadline;
        if (deadline != Timeout.InfiniteTimeSpan && deadline < ChecksAlone)
            group.Deadline = ChecksAlone;
        work();
        group.Deadline = deadline;
    }

    private void CheckReconstruction() => Patiently("the reconstruction checks", () =>
        {
            OnFirst(() =>
            {
                var checks = new StartChecks(networks, config, kernels, faults).Run(batches, corpus, Enhance, (clean, estimate) =>
                    trainStep.BeginScoring(clean, estimate).GetAwaiter().GetResult().Scores
                );
                folder!.Append(checks);
                watch!.Add(checks);
                foreach (var check in checks.Where(c => c.Holds == false))
                    progress.Note(
                        $"Reconstruction check {check.Name} failed: found {check.Observed:G6}, a sound trainer gives {check.Expected:G6} "
                            + $"(within {check.Allowed:G2}). "
                            + ReconstructionAdvice.For(check.Name)
                    );
                if (checks.All(c => c.Holds == true))
                    progress.Note($"All {checks.Count} reconstruction checks hold.");
            });
            RecordNoisy(corpus.Valid, RecordName.Valid);
            RecordNoisy(corpus.Test, RecordName.Test);
        });

    private float[] Enhance(float[] noisy) => enhancer.Enhance(noisy);

    /// <summary>Records the scores of the noisy sides: what training has to beat.</summary>
    private void RecordNoisy(IReadOnlyList<Utterance> utterances, string split)
    {
        if (utterances.Count == 0)
            return;
        var noisy = evaluation.EvaluateNoisy(utterances, split);
        folder?.Append(noisy);
        watch?.Add(noisy);
        if (Evaluator.Summarise(split, noisy).Mean.TryGetValue("noisy_" + UtteranceScores.Pesq, out var pesq))
            progress.Note(
                string.Create(
                    System.Globalization.CultureInfo.InvariantCulture,
                    $"Noisy {split}: mean PESQ {pesq:F3} over {utterances.Count} utterances."
                )
            );
    }

    private void SetRates(int epoch)
    {
        Schedule.Apply(networks.GeneratorOptimizer, Schedule.Rate(config.Optimizer.GeneratorLearningRate, epoch, config.Optimizer));
        if (networks.DiscriminatorOptimizer is { } optimizer)
            Schedule.Apply(optimizer, Schedule.Rate(config.Optimizer.DiscriminatorLearningRate, epoch, config.Optimizer));
    }

    private EpochTelemetry Summarise(int epoch, IReadOnlyList<StepTelemetry> steps, Batch? last, TimeSpan training, out bool isBest)
    {
        var telemetry = EpochSummary.Of(epoch, steps, networks.Discriminator is not null) with
        {
            GeneratorLearningRate = Schedule.Rate(config.Optimizer.GeneratorLearningRate, epoch, config.Optimizer),
            DiscriminatorLearningRate = networks.Discriminator is null
                ? null
                : Schedule.Rate(config.Optimizer.DiscriminatorLearningRate, epoch, config.Optimizer),
            BatchesPlanned = StepsPerEpoch,
            BestEpoch = state.Best?.Epoch,
            BestPesq = state.Best?.Pesq,
            ParameterDigest = CheckpointParts.Digest(networks),
        };
        isBest = false;
        if (epoch % config.Evaluation.EveryEpochs != 0 && epoch != config.Train.Epochs)
            return telemetry with
            {
                Unavailable = With(telemetry.Unavailable, "validation", $"evaluation.everyEpochs is {config.Evaluation.EveryEpochs}"),
                Seconds = new EpochSeconds { Training = training.TotalSeconds },
            };
        var clock = Stopwatch.StartNew();
        replicas.ShareStatistics();
        var evaluations = Evaluate(corpus.Valid, RecordName.Valid, epoch);
        folder?.Append(evaluations);
        watch?.Add(evaluations);
        // Measured, not believed: the mode it really stood in, and whether it is what it was.
        var validation = faults.Validation(Evaluator.Summarise(RecordName.Valid, evaluations), evaluations) with
        {
            TrainingMode = networks.Generator.modules().Any(m => m.training),
            StateChanged = group.Size == 1 ? CheckpointParts.Digest(networks) != telemetry.ParameterDigest : null,
        };
        // Where the last batch was passed over, the last step's loss is another batch's.
        if (group.Size == 1 && last is not null && steps is [.., { } step] && step.Batch == last.IndexInEpoch)
            telemetry = telemetry with { ModeLoss = ModeLosses.Of(networks, config.Loss, last, step) };
        if (validation.Mean.TryGetValue(UtteranceScores.Pesq, out var pesq) && pesq > (state.Best?.Pesq ?? double.NegativeInfinity))
        {
            isBest = true;
            state = state with { Best = new BestSoFar(epoch, pesq) };
        }
        return telemetry with
        {
            Validation = validation,
            BestEpoch = state.Best?.Epoch,
            BestPesq = state.Best?.Pesq,
            Seconds = new EpochSeconds { Training = training.TotalSeconds, Evaluation = clock.Elapsed.TotalSeconds },
        };
    }

    private IReadOnlyList<UtteranceEvaluation> Evaluate(IReadOnlyList<Utterance> utterances, string split, int epoch)
    {
        networks.Train(false);
        faults.Evaluating(networks);
        return evaluation.Evaluate(utterances, split, epoch, Enhance, progress.UtteranceEvaluated);
    }

    /// <summary>Scores the test part once, with the weights that validation chose. It chooses nothing itself.</summary>
    private void Test()
    {
        if (corpus.Test.Count == 0)
        {
            progress.Note("The corpus has no test part: nothing is tested.");
            return;
        }
        group.Doing = "the test";
        CheckpointSearch? search = null;
        OnFirst(() => search = checkpoints!.FindBest());
        if (SharedCheckpoint.OfFirst(group, search?.Found) is { } best)
            CheckpointParts.RestoreGenerator(best, networks.Generator);
        else
            replicas.ShareStatistics();
        var evaluations = Evaluate(corpus.Test, RecordName.Test, state.Best?.Epoch ?? config.Train.Epochs);
        folder?.Append(evaluations);
        watch?.Add(evaluations);
        Diagnose();
    }

    /// <summary>The theories on what is recorded so far: verdict.json, and a sentence for each grave cause that was not confirmed
    /// before.</summary>
    private void Diagnose() =>
        OnFirst(() =>
        {
            var (verdict, found) = watch!.Judge(folder!.Info);
            folder.Publish(Verdict.FileName, verdict.ToJson());
            foreach (var finding in found.Where(f => f.Severity == Severity.Grave))
                progress.Note($"Confirmed: {finding.Id}. {finding.Sentence} {finding.NextAction}");
            if (StopOnConfirmed)
                stoppedBy = verdict.Findings.FirstOrDefault(f =>
                    f is { Outcome: FindingOutcome.Confirmed, Severity: not Severity.Symptom }
                );
        });

    // The steps of an epoch that is not over are on the disk alone; the run ends here, and its verdict is to know of them. No other rank
    // waits.
    private void DiagnoseEnd()
    {
        if (folder is not null)
            folder.Publish(Verdict.FileName, new RunWatch(RunRecord.Load(folder.Root)).Judge(folder.Info).Verdict.ToJson());
    }

    private bool Interrupt()
    {
        if (unsaved)
            Save();
        var why = stoppedBy is null ? "on request" : $"by --stop-on confirmed ({stoppedBy.Id})";
        OnFirst(() => folder!.Interrupt($"stopped {why} after step {state.Step}"));
        progress.Note($"Stopped{(stoppedBy is null ? "" : " " + why)} after step {state.Step}; continue with --resume.");
        return false;
    }

    /// <summary>Rank 0 publishes a checkpoint after all ranks have reported that they hold the same weights.</summary>
    private void Save()
    {
        replicas.Compare(state.Step);
        OnFirst(() =>
        {
            if (diskWatch?.BeforeCheckpoint(disk?.Checkpoint ?? 0) is { } nearlyFull)
                progress.Note(nearlyFull);
            state = state with { Positions = folder!.MarkPositions() };
            var name = state.StepInEpoch == 0 ? new CheckpointName(state.Epoch) : new CheckpointName(state.Epoch + 1, state.Step);
            checkpoints!.Save(
                name,
                CheckpointParts.Of(networks, state, config),
                state.Best is { } best ? new CheckpointName(best.Epoch) : null
            );
        });
        unsaved = false;
    }

    /// <summary>Done by rank 0 alone; the others learn whether it could be done.</summary>
    private void OnFirst(Action work) =>
        group.Together(() =>
        {
            if (folder is not null)
                work();
        });

    private static Dictionary<string, string> With(IReadOnlyDictionary<string, string> reasons, string name, string reason) =>
        new(reasons) { [name] = reason };
}
