using SpeechGan.Distributed;
using SpeechGan.Distributed.Mpi;

namespace SpeechGan.Tests.Unit.Distributed.Mpi;

/// <summary>What process managers say to the processes they start.</summary>
internal sealed class MpiEnvironmentTests
{
    [TestCase("")]
    [TestCase("RANK=1 WORLD_SIZE=4")]
    [TestCase("OMPI_COMM_WORLD_SIZE=1 OMPI_COMM_WORLD_RANK=0")]
    [TestCase("PMI_SIZE=1 PMI_RANK=0")]
    [TestCase("SLURM_NTASKS=4 SLURM_PROCID=0")] // a batch script, without srun
    [TestCase("SLURM_STEP_NUM_TASKS=1 PMIX_RANK=0")]
    public void Alone(string variables) => Read(variables).Should().BeNull();

    [TestCase("OMPI_COMM_WORLD_SIZE=8 OMPI_COMM_WORLD_RANK=5 PMIX_RANK=5", 8, 5, nameof(MpiFamily.OpenMpi), "OMPI_COMM_WORLD_SIZE")]
    [TestCase("PMI_SIZE=3 PMI_RANK=2", 3, 2, nameof(MpiFamily.Mpich), "PMI_SIZE")]
    [TestCase("SLURM_STEP_NUM_TASKS=16 PMIX_RANK=9 SLURM_PROCID=9", 16, 9, nameof(MpiFamily.OpenMpi), "SLURM_STEP_NUM_TASKS")]
    [TestCase("SLURM_STEP_NUM_TASKS=16 PMI_SIZE=16 PMI_RANK=9", 16, 9, nameof(MpiFamily.Mpich), "PMI_SIZE")]
    [TestCase("PMI_SIZE=2", 2, null, nameof(MpiFamily.Mpich), "PMI_SIZE")]
    public void One_of_many(string variables, int size, int? rank, string family, string variable) =>
        Read(variables).Should().Be(new MpiEnvironment(size, rank, Enum.Parse<MpiFamily>(family), variable));

    [TestCase(
        "SLURM_STEP_NUM_TASKS=4 SLURM_PROCID=1",
        "srun started 4 tasks without an MPI interface, and each of them would train alone. Give srun --mpi=pmix for Open MPI or "
            + "--mpi=pmi2 for MPICH *"
    )]
    [TestCase("PMI_SIZE=many", "PMI_SIZE is 'many' in the environment and must be a whole number: *")]
    [TestCase(
        "OMPI_COMM_WORLD_SIZE=2 OMPI_COMM_WORLD_RANK=-1",
        "OMPI_COMM_WORLD_RANK is '-1' in the environment and must be a whole number: *"
    )]
    public void What_cannot_be_is_a_sentence(string variables, string sentence) =>
        FluentActions.Invoking(() => Read(variables)).Should().Throw<GroupException>().WithMessage(sentence);

    private static MpiEnvironment? Read(string variables)
    {
        var values = variables
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(v => v.Split('='))
            .ToDictionary(v => v[0], v => v[1]);
        return MpiEnvironment.Read(values.GetValueOrDefault);
    }
}
